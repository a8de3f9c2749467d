package io.panal.core.agent;

import io.panal.core.model.Id;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.model.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// What the leader is to be told, and when: each telling costs the managers an entry of the log.
///
/// A step on the way, which nobody waits for, is told only if it lasts: most are over before. What is told in a burst
/// comes together; after a pause nothing waits.
final class News {
    private static final Duration STEP_LASTS = Duration.ofMillis(200);
    private static final Duration SPACING = Duration.ofMillis(40);

    private final TreeMap<Id<Task>, Instant> untold = new TreeMap<>();
    private Instant lastTold = Instant.EPOCH;

    void add(Id<Task> task, TaskStatus status) {
        Instant due = isStep(status.state()) ? status.timestamp().plus(STEP_LASTS) : status.timestamp();
        untold.merge(task, due, (one, other) -> one.isBefore(other) ? one : other);
    }

    private static boolean isStep(TaskState state) {
        return state == TaskState.PREPARING || state == TaskState.STARTING;
    }

    void remove(Id<Task> task) {
        untold.remove(task);
    }

    /// Nothing was told of anything, as in a session that begins.
    void forget() {
        untold.clear();
        lastTold = Instant.EPOCH;
    }

    /// Time has leapt though none went by.
    void leapt(Duration by) {
        untold.replaceAll((_, due) -> due.plus(by));
        lastTold = lastTold.plus(by);
    }

    /// When there will be something to take; empty when there is nothing to tell.
    Optional<Instant> dueAt() {
        Instant earliest = lastTold.plus(SPACING);
        return untold.values().stream().min(Instant::compareTo).map(due -> due.isBefore(earliest) ? earliest : due);
    }

    /// The tasks that are to be told of now.
    List<Id<Task>> take(Instant now) {
        if (lastTold.plus(SPACING).isAfter(now)) {
            return List.of();
        }
        List<Id<Task>> taken = new ArrayList<>();
        untold.forEach((task, due) -> {
            if (!due.isAfter(now)) {
                taken.add(task);
            }
        });
        if (!taken.isEmpty()) {
            taken.forEach(untold::remove);
            lastTold = now;
        }
        return taken;
    }
}
