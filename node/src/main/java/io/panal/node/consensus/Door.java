package io.panal.node.consensus;

import io.panal.node.time.Stopwatch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Who may call this member's log: a certificate outlives its node's membership.
///
/// A member that was away may not know those that lead by now. It asks the members that it knows, and believes the
/// newest answer; only when none of them is heard is a node let in that was never seen before.
final class Door {
    /// For a leader that has taken itself out: the last answers to it are still under way.
    private static final Duration LEAVING = Duration.ofSeconds(2);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);
    private static final Duration NOBODY_ANSWERS = Duration.ofSeconds(6);
    private static final int STRANGERS_MAX = 100;

    private final InstantSource time;
    private final Predicate<String> wasEverMember;
    private final Runnable ask;
    private final Map<String, Instant> leaving = new HashMap<>();
    private final Map<String, Instant> strangers = new HashMap<>();
    private Optional<Membership> heard = Optional.empty();
    private Instant heardAt = Instant.MIN;
    private Instant askedAt = Instant.MIN;

    /// What the log itself says.
    ///
    /// @param index of the entry that named the members
    /// @param nodes all of them, those on their way out included
    /// @param voters how many decide
    /// @param leader the node that is followed now
    record Known(long index, Set<String> nodes, int voters, Optional<String> leader) {
        Known {
            nodes = new HashSet<>(nodes);
        }
    }

    /// @param ask has the known members asked; must not block
    Door(Predicate<String> wasEverMember, Runnable ask) {
        this(steady(), wasEverMember, ask);
    }

    /// @param time goes by steadily, from any beginning
    Door(InstantSource time, Predicate<String> wasEverMember, Runnable ask) {
        this.time = time;
        this.wasEverMember = wasEverMember;
        this.ask = ask;
    }

    private static InstantSource steady() {
        Stopwatch since = Stopwatch.started();
        return () -> Instant.EPOCH.plus(since.elapsed());
    }

    synchronized boolean admits(String nodeId, Known known) {
        // A member that is only joining is told by its first leader who the others are.
        if (known.nodes().isEmpty() || known.nodes().contains(nodeId)) {
            leaving.remove(nodeId);
            strangers.remove(nodeId);
            return true;
        }
        Instant now = time.instant();
        if (known.leader().filter(nodeId::equals).isPresent()) {
            return leaving.computeIfAbsent(nodeId, _ -> now).plus(LEAVING).isAfter(now);
        }
        boolean isVouchedFor = heard.filter(said -> said.index() > known.index())
                .filter(said -> said.holdsNode(nodeId))
                .isPresent();
        return isVouchedFor || admitsStranger(nodeId, known, now);
    }

    private boolean admitsStranger(String nodeId, Known known, Instant now) {
        // With a leader the log is up to date; of two members neither is changed without the other.
        boolean isCurrent = known.leader().filter(known.nodes()::contains).isPresent() || known.voters() <= 2;
        if (isCurrent || strangers.size() >= STRANGERS_MAX) {
            strangers.clear();
            return false;
        }
        Instant since = strangers.computeIfAbsent(nodeId, _ -> now);
        if (!askedAt.plus(BETWEEN_QUESTIONS).isAfter(now)) {
            askedAt = now;
            ask.run();
        }
        return !wasEverMember.test(nodeId)
                && heardAt.isBefore(since)
                && !since.plus(NOBODY_ANSWERS).isAfter(now);
    }

    /// A known member's answer.
    synchronized void hear(Membership said) {
        heardAt = time.instant();
        if (heard.filter(former -> former.index() >= said.index()).isEmpty()) {
            heard = Optional.of(said);
        }
    }
}
