/// What a machine is, as values: its name, network, limits and recorded state.
///
/// **Invariant:** no IO; everything in here can be compared and printed.
@NullMarked
package io.panal.machines.model;

import org.jspecify.annotations.NullMarked;
