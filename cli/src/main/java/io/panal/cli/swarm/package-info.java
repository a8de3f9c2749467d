/// `panal swarm`: making, joining, leaving and changing the swarm.
///
/// **Invariant:** a change is the swarm's whole spec as it was read, with what was asked for changed in it.
@NullMarked
package io.panal.cli.swarm;

import org.jspecify.annotations.NullMarked;
