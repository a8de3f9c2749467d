/// `panal network`: networks of the swarm and of the host.
///
/// **Invariant:** knows how networks are asked for and shown, not how they work.
@NullMarked
package io.panal.cli.network;

import org.jspecify.annotations.NullMarked;
