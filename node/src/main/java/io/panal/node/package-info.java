/// What acts: the daemon on each node.
///
/// **Invariant:** it decides nothing about the cluster; what it does was asked for by core.
@NullMarked
package io.panal.node;

import org.jspecify.annotations.NullMarked;
