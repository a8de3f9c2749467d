/// What a node does: assignments and outcomes in, container and network work out.
///
/// **Invariant:** orders are safe to repeat; older generations are refused.
@NullMarked
package io.panal.core.agent;

import org.jspecify.annotations.NullMarked;
