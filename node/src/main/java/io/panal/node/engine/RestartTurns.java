package io.panal.node.engine;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Which containers were started again, how often, and which wait for it now.
///
/// Whoever stops, starts or removes a container takes its turn away with [#forget]; no further one follows from it
/// then.
final class RestartTurns {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final Map<String, Turn> turns = new ConcurrentHashMap<>();

    /// @param pause   before the last start; zero before the first
    /// @param count   of starts
    /// @param pending whether the last of them is yet to come
    record Turn(Duration pause, int count, boolean pending) {
        static final Turn NONE = new Turn(Duration.ZERO, 0, false);
        /// Of one that is to run as soon as the daemon does.
        static final Turn AT_ONCE = new Turn(Duration.ZERO, 0, true);

        /// The one after it.
        ///
        /// @param steady whether it ran long enough to begin with the shortest pause again
        Turn next(boolean steady) {
            Duration wait = steady || pause.isZero() ? FIRST : pause.multipliedBy(2);
            return new Turn(wait.compareTo(LONGEST) > 0 ? LONGEST : wait, count + 1, true);
        }

        Turn begun() {
            return new Turn(pause, count, false);
        }
    }

    Turn of(String id) {
        return turns.getOrDefault(id, Turn.NONE);
    }

    void put(String id, Turn turn) {
        turns.put(id, turn);
    }

    /// Its pause is over.
    ///
    /// @return empty when it was taken away
    Optional<Turn> begin(String id, Turn turn) {
        return replace(id, turn, turn.begun());
    }

    /// Its start was refused.
    ///
    /// @param begun as [#begin] gave it
    /// @return the next to wait for; empty when it was taken away meanwhile
    Optional<Turn> again(String id, Turn begun) {
        return replace(id, begun, begun.next(false));
    }

    private Optional<Turn> replace(String id, Turn before, Turn after) {
        return turns.replace(id, before, after) ? Optional.of(after) : Optional.empty();
    }

    void forget(String id) {
        turns.remove(id);
    }
}
