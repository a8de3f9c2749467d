/// `panal service`: what runs in the swarm.
///
/// **Invariant:** a change is the service's whole spec as it was read, with what was asked for changed in it.
@NullMarked
package io.panal.cli.service;

import org.jspecify.annotations.NullMarked;
