/// Runs core's actors: one thread and one mailbox each.
///
/// **Invariant:** an actor is called by its own thread only; what it wants done never blocks that thread.
@NullMarked
package io.panal.node.actor;

import org.jspecify.annotations.NullMarked;
