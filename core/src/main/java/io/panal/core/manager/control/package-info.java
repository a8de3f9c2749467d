/// What may be asked of the leader, and what it answers.
///
/// **Invariant:** checks happen here, before anything is proposed.
@NullMarked
package io.panal.core.manager.control;

import org.jspecify.annotations.NullMarked;
