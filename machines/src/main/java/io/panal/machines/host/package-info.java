/// The machine in the kernel: bundle, namespaces, control groups, bridge and address translation.
///
/// **Invariant:** every kernel object made in here bears a name derived from the storage and the machine, so that it is
/// found again after a crash.
@NullMarked
package io.panal.machines.host;

import org.jspecify.annotations.NullMarked;
