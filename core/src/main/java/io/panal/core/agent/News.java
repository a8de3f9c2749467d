package io.panal.core.agent;

import io.panal.core.model.Id;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.model.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the leader is to be told, and when: each telling costs the managers an entry of the log.
///
/// A step on the way, which nobody waits for, is told only if it lasts: most are over before. What is told in a burst
/// comes together, and the more tasks are on their way the longer the burst is; after a pause nothing waits. An end
/// waits for no start: clients may still be sent to it.
final class News {
    private static final Duration STEP_LASTS = Duration.ofMillis(200);
    private static final Duration SPACING = Duration.ofMillis(40);
    private static final Duration SPACING_FOR_EACH = Duration.ofMillis(3);
    private static final Duration LARGEST_SPACING = Duration.ofMillis(160);

    /// @param urgent whether it waits for what comes at once only, not for tasks that are on their way
    private record Due(Instant at, boolean urgent) {
        Due with(Due other) {
            return new Due(at.isBefore(other.at) ? at : other.at, urgent || other.urgent);
        }
    }

    private final TreeMap<Id<Task>, Due> untold = new TreeMap<>();
    private final TreeSet<Id<Task>> onTheirWay = new TreeSet<>();
    private Instant lastTold = Instant.EPOCH;

    void add(Id<Task> task, TaskStatus status) {
        boolean step = isStep(status.state());
        if (step) {
            onTheirWay.add(task);
        } else {
            onTheirWay.remove(task);
        }
        Instant at = step ? status.timestamp().plus(STEP_LASTS) : status.timestamp();
        untold.merge(task, new Due(at, status.state().isTerminal()), Due::with);
    }

    private static boolean isStep(TaskState state) {
        return state == TaskState.PREPARING || state == TaskState.STARTING;
    }

    void remove(Id<Task> task) {
        untold.remove(task);
        onTheirWay.remove(task);
    }

    /// Nothing was told of anything, as in a session that begins.
    void forget() {
        untold.clear();
        onTheirWay.clear();
        lastTold = Instant.EPOCH;
    }

    /// Time has leapt though none went by.
    void leapt(Duration by) {
        untold.replaceAll((_, due) -> new Due(due.at().plus(by), due.urgent()));
        lastTold = lastTold.plus(by);
    }

    /// When there will be something to take; empty when there is nothing to tell.
    Optional<Instant> dueAt() {
        return untold.values().stream().map(this::earliest).min(Instant::compareTo);
    }

    private Instant earliest(Due due) {
        Instant spaced = lastTold.plus(due.urgent() ? SPACING : spacing());
        return due.at().isBefore(spaced) ? spaced : due.at();
    }

    private Duration spacing() {
        Duration wanted = SPACING_FOR_EACH.multipliedBy(onTheirWay.size());
        Duration most = wanted.compareTo(LARGEST_SPACING) < 0 ? wanted : LARGEST_SPACING;
        return most.compareTo(SPACING) < 0 ? SPACING : most;
    }

    /// The tasks that are to be told of now.
    List<Id<Task>> take(Instant now) {
        if (untold.values().stream().allMatch(due -> earliest(due).isAfter(now))) {
            return List.of();
        }
        List<Id<Task>> taken = untold.entrySet().stream()
                .filter(each -> !each.getValue().at().isAfter(now))
                .map(Map.Entry::getKey)
                .toList();
        taken.forEach(untold::remove);
        lastTold = now;
        return taken;
    }
}
