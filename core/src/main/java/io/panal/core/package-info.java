/// What decides: the cluster's model, its state, the leader's turn, the agent, the cluster half of the Engine API.
///
/// **Invariant:** nothing in here does IO, reads a clock, draws a random number, starts a thread or logs.
/// Time, names and chance come in as arguments; what is to be done goes out as data.
@NullMarked
package io.panal.core;

import org.jspecify.annotations.NullMarked;
