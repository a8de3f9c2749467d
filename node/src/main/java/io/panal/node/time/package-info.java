/// Time that goes by: what waits counts with it, not with what the clock on the wall shows.
///
/// **Invariant:** no wait is longer or shorter because somebody set the clock.
@NullMarked
package io.panal.node.time;

import org.jspecify.annotations.NullMarked;
