/// Panal as a user meets it: real machines, real containers, the stock docker client.
///
/// **Invariant:** nothing here reaches behind the launcher, the Engine API and what the kernel shows.
@NullMarked
package io.panal.program.cluster;

import org.jspecify.annotations.NullMarked;
