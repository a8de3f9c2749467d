/// A whole cluster in one thread with virtual time and faults.
///
/// **Invariant:** runs the same core as the daemon; never reads the real clock, network or disk.
@NullMarked
package io.panal.simulator;

import org.jspecify.annotations.NullMarked;
