/// What the leader does in a turn, and in which order.
///
/// **Invariant:** one turn, one writer; what is wanted of the world goes out as effects.
@NullMarked
package io.panal.core.manager;

import org.jspecify.annotations.NullMarked;
