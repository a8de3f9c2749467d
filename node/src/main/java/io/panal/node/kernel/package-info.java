/// The Linux kernel, asked directly: system calls, network namespaces, netlink, nf_tables.
///
/// **Invariant:** nothing in here knows of services, tasks or networks, and no thread of a pool, nor a virtual one,
/// ever changes its namespace.
@NullMarked
package io.panal.node.kernel;

import org.jspecify.annotations.NullMarked;
