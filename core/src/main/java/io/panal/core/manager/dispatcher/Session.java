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
    private Optional<Instant> stale = Optional.of(Instant.EPOCH);

    Session(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /// The orders may differ now from what was told.
    void stale() {
        stale = Optional.of(Instant.EPOCH);
    }

    /// Nothing is to be told before the state has changed.
    void registering() {
        stale = Optional.empty();
    }

    /// When its orders are to be worked out: at once, later, or not before something happens.
    Optional<Instant> dueAt(Duration spacing) {
        Instant earliest = lastTold.plus(spacing);
        return stale.map(at -> at.isAfter(earliest) ? at : earliest);
    }

    /// @return what is to be sent, of the next generation; empty when it was told already
    Optional<Assignments> tell(Orders.Due due, Instant now) {
        stale = due.again();
        Assignments wanted = due.assignments();
        if (told.filter(former -> isSame(former, wanted)).isPresent()) {
            return Optional.empty();
        }
        Assignments next = new Assignments(
                told.map(Assignments::generation).orElse(0L) + 1,
                wanted.tasks(),
                wanted.network(),
                wanted.managers(),
                wanted.heartbeat(),
                wanted.role(),
                wanted.trust());
        told = Optional.of(next);
        lastTold = now;
        return told;
    }

    private static boolean isSame(Assignments one, Assignments other) {
        return one.tasks().equals(other.tasks())
                && one.network().equals(other.network())
                && one.managers().equals(other.managers())
                && one.heartbeat().equals(other.heartbeat())
                && one.role() == other.role()
                && one.trust().equals(other.trust());
    }
}
