/// The host half of the Engine API, and both halves joined: what the stock docker client speaks to.
///
/// **Invariant:** turns requests into calls and outcomes into docker's answers; decides nothing of its own.
@NullMarked
package io.panal.node.engine;

import org.jspecify.annotations.NullMarked;
