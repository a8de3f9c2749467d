/// `panal node`: the swarm's nodes.
///
/// **Invariant:** a change is the node's whole spec as it was read, with what was asked for changed in it.
@NullMarked
package io.panal.cli.node;

import org.jspecify.annotations.NullMarked;
