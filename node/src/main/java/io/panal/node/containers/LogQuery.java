package io.panal.node.containers;

import java.time.Instant;
import java.util.Optional;

/// Which lines of a container's log are wanted.
///
/// @param since  lines at or after it
/// @param until  lines before it; following ends there
/// @param tail   the last so many of the log; negative for all
/// @param follow go on with new lines until the container ends
public record LogQuery(
        boolean stdout, boolean stderr, Optional<Instant> since, Optional<Instant> until, long tail, boolean follow) {
    /// The whole log as it is now.
    public static LogQuery all() {
        return new LogQuery(true, true, Optional.empty(), Optional.empty(), -1, false);
    }

    /// The whole log and what comes.
    public static LogQuery following() {
        return new LogQuery(true, true, Optional.empty(), Optional.empty(), -1, true);
    }

    boolean wants(LogStream stream) {
        return switch (stream) {
            case STDOUT -> stdout;
            case STDERR -> stderr;
        };
    }
}
