/// The command line: docker's words, flags and tables, spoken to a daemon's Engine API.
///
/// **Invariant:** holds no state and reaches the cluster by the Engine API alone.
@NullMarked
package io.panal.cli;

import org.jspecify.annotations.NullMarked;
