package io.panal.node.link;

import java.time.Duration;

/// How long to wait before the next try: longer after each that came to nothing.
///
/// A session that was opened and ended at once came to nothing too, as when a node that was removed knocks again.
final class Patience {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(3);

    private Duration pause = SHORTEST;

    /// @param lasted how long the session lasted, nothing when there was none
    /// @return 0.1 to 3 s
    Duration after(Duration lasted) {
        Duration twice = pause.multipliedBy(2);
        if (lasted.compareTo(LONGEST) > 0) {
            pause = SHORTEST;
        } else {
            pause = twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
        }
        return pause;
    }
}
