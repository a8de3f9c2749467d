/// `panal secret` and `panal config`: files the swarm keeps for its services.
///
/// **Invariant:** a secret's content goes to the daemon and never comes back.
@NullMarked
package io.panal.cli.secret;

import org.jspecify.annotations.NullMarked;
