/// Encrypted networks without the kernel's help: frames of an overlay, sealed by this process and sent to the other
/// nodes over UDP.
///
/// One thread carries all such networks of a node. It is there, and costs anything, only while there is one.
///
/// **Invariant:** no byte of a frame leaves but sealed, and no frame is let in but one that a member of the network
/// sealed for this very start of this daemon, once.
@NullMarked
package io.panal.node.sealing;

import org.jspecify.annotations.NullMarked;
