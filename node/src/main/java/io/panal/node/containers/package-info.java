/// Containers and images on this host, held by containerd.
///
/// **Invariant:** containerd and the container's own directory hold everything that matters: a daemon that dies at any
/// moment finds its containers again, and no container stops because we did.
@NullMarked
package io.panal.node.containers;

import org.jspecify.annotations.NullMarked;
