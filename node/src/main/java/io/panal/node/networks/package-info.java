/// This host's own networks: what users asked for, the subnet that each got, and who has which address.
///
/// What is decided is plain data; the data plane makes the kernel match it.
///
/// **Invariant:** an address is taken exactly as long as somebody is attached with it; nothing in here touches the
/// kernel.
@NullMarked
package io.panal.node.networks;

import org.jspecify.annotations.NullMarked;
