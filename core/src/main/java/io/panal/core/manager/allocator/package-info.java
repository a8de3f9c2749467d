/// Gives subnets, addresses and published ports.
///
/// **Invariant:** what is taken is derived from living objects, so nothing leaks.
@NullMarked
package io.panal.core.manager.allocator;

import org.jspecify.annotations.NullMarked;
