/// Names the node of a task, or says why there is none.
///
/// **Invariant:** the same tasks and nodes give the same choice.
@NullMarked
package io.panal.core.manager.scheduler;

import org.jspecify.annotations.NullMarked;
