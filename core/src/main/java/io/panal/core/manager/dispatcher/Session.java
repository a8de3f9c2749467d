package io.panal.core.manager.dispatcher;

import io.panal.core.agent.Assignments;
import io.panal.core.model.Id;
import io.panal.core.model.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// One connection of a node's agent, and what it was told.
final class Session {
    private static final int UNACKNOWLEDGED_MOST = 64;

    private final String name;
    private Optional<Assignments> told = Optional.empty();
    private Instant lastTold = Instant.EPOCH;
    private Optional<Instant> stale = Optional.of(Instant.EPOCH);
    /// The state that the node's orders are worked out from, or that changed nothing about them.
    private long version = -1;
    /// The generations that changed the network and are not acknowledged, each with the state known before it.
    private final NavigableMap<Long, Long> unacknowledged = new TreeMap<>();
    /// Its tasks that are to end and get no new connections from any node, and since when.
    private final NavigableMap<Id<Task>, Instant> outSince = new TreeMap<>();

    private Set<Id<Task>> leaving = Set.of();

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

    /// The state changed, though nothing that this node is told.
    void unconcerned(long next) {
        if (told.isPresent() && stale.filter(Instant.EPOCH::equals).isEmpty()) {
            version = next;
        }
    }

    void acknowledged(long generation) {
        unacknowledged.headMap(generation, true).clear();
    }

    /// The state that the node's kernel follows: it holds all of it that concerns this node, and maybe more.
    long follows() {
        return unacknowledged.isEmpty() ? version : unacknowledged.firstEntry().getValue();
    }

    /// Its tasks that are to end and may still get connections.
    Set<Id<Task>> awaited() {
        Set<Id<Task>> awaited = new TreeSet<>(leaving);
        awaited.removeAll(outSince.keySet());
        return awaited;
    }

    /// @param now when it was found to get no new connections
    /// @return since when it gets none
    Instant out(Id<Task> task, Instant now) {
        return outSince.computeIfAbsent(task, _ -> now);
    }

    void leapt(Duration by) {
        outSince.replaceAll((_, since) -> since.plus(by));
    }

    /// When its orders are to be worked out: at once, later, or not before something happens.
    Optional<Instant> dueAt(Duration spacing) {
        Instant earliest = lastTold.plus(spacing);
        return stale.map(at -> at.isAfter(earliest) ? at : earliest);
    }

    /// @return what is to be sent, of the next generation; empty when it was told already
    Optional<Assignments> tell(Orders.Due due, long state, Instant now) {
        stale = due.again();
        leaving = due.leaving();
        outSince.keySet().retainAll(leaving);
        Assignments wanted = due.assignments();
        if (told.filter(former -> isSame(former, wanted)).isPresent()) {
            version = state;
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
        if (told.map(Assignments::network).filter(wanted.network()::equals).isEmpty()) {
            await(next.generation());
        }
        version = state;
        told = Optional.of(next);
        lastTold = now;
        return told;
    }

    /// Of a node that acknowledges nothing for long, only the first and the last of its debts are kept.
    private void await(long generation) {
        long before = version;
        if (unacknowledged.size() >= UNACKNOWLEDGED_MOST) {
            before = unacknowledged.pollLastEntry().getValue();
        }
        unacknowledged.put(generation, before);
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
