/// Where machines are kept: one directory, one lock, state files written whole or not at all.
///
/// **Invariant:** starts no process and touches no kernel object; only files below the storage directory and locks.
@NullMarked
package io.panal.machines.store;

import org.jspecify.annotations.NullMarked;
