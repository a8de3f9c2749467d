/// The host's data plane: overlays, bridges, virtual addresses, the routing mesh and names.
///
/// What is wanted comes in whole, as plain records; the kernel is made to match, as often as asked. What carries our
/// mark and is not wanted goes.
///
/// **Invariant:** no packet passes through this process but those of clients on IPv6 and of encrypted networks, and
/// nothing in here decides which address, port or host anything gets.
@NullMarked
package io.panal.node.dataplane;

import org.jspecify.annotations.NullMarked;
