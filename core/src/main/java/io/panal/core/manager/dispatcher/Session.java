package io.panal.core.manager.dispatcher;

import io.panal.core.agent.Assignments;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One connection of a node's agent, and what it was told.
final class Session {
    private final String name;
    private Optional<Assignments> told = Optional.empty();
    private Instant lastTold = Instant.EPOCH;
    private boolean stale = true;

    Session(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    long generation() {
        return told.map(Assignments::generation).orElse(0L);
    }

    boolean isStale() {
        return stale;
    }

    void stale() {
        stale = true;
    }

    Instant mayHearFrom(Duration spacing) {
        return lastTold.plus(spacing);
    }

    /// @return whether it differs from what was told before, and is to be sent
    boolean told(Assignments wanted, Instant now) {
        stale = false;
        if (told.filter(former -> isSame(former, wanted)).isPresent()) {
            return false;
        }
        told = Optional.of(wanted);
        lastTold = now;
        return true;
    }

    private static boolean isSame(Assignments one, Assignments other) {
        return one.tasks().equals(other.tasks())
                && one.network().equals(other.network())
                && one.managers().equals(other.managers())
                && one.heartbeat().equals(other.heartbeat())
                && one.role() == other.role();
    }
}
