package io.panal.node.engine;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Which containers were started again, how often, and which wait for it now.
final class RestartTurns {
    private final Map<String, Turn> turns = new ConcurrentHashMap<>();

    /// @param pause   before the last start; zero before the first
    /// @param count   of starts
    /// @param pending whether the last of them is yet to come
    record Turn(Duration pause, int count, boolean pending) {
        static final Turn NONE = new Turn(Duration.ZERO, 0, false);
    }

    Turn of(String id) {
        return turns.getOrDefault(id, Turn.NONE);
    }

    void put(String id, Turn turn) {
        turns.put(id, turn);
    }

    /// @return false when the turn was taken away
    boolean end(String id, Turn turn) {
        return turns.replace(id, turn, new Turn(turn.pause(), turn.count(), false));
    }

    void forget(String id) {
        turns.remove(id);
    }
}
