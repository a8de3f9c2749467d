/// Watching the swarm do what was asked, shown as the docker client shows it.
///
/// **Invariant:** only reads; leaving off watching never stops what is watched.
@NullMarked
package io.panal.cli.progress;

import org.jspecify.annotations.NullMarked;
