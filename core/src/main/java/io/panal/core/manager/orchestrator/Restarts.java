package io.panal.core.manager.orchestrator;

import io.panal.core.manager.turn.Plan;
import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Id;
import io.panal.core.model.Revision;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.model.TaskSpec.RestartPolicy;
import io.panal.core.model.TaskSpec.RestartPolicy.Condition;
import io.panal.core.model.TaskState;
import io.panal.core.store.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What becomes of a slot whose task ended by itself or lost its node, and when a replacement may start.
///
/// The history that attempts are counted from is the slot's own tasks, so a new leader forgets nothing.
final class Restarts {
    private static final Duration DEFAULT_DELAY = Duration.ofSeconds(5);

    private final View view;
    private final Turn turn;
    private final Placement placement;

    Restarts(View view, Turn turn) {
        this.view = view;
        this.turn = turn;
        this.placement = new Placement(view);
    }

    /// Gives up the tasks of a slot that ended or may not stay, and puts one in their place where the policy says so.
    void settle(Service service, Slot slot, Plan.Draftsman plan) {
        List<Task> over = new ArrayList<>();
        for (Task task : slot.wanted()) {
            if (!isDone(service, task) && (placement.isMisplaced(task) || isOver(task, plan))) {
                over.add(task);
            }
        }
        if (over.isEmpty() || !plan.hasRoom()) {
            return;
        }
        over.forEach(task -> plan.put(task.wanted(TaskState.SHUTDOWN)));
        List<Task> left =
                slot.wanted().stream().filter(task -> !over.contains(task)).toList();
        Task last = over.getLast();
        if (left.isEmpty() || isBehind(service, last, left)) {
            replace(service, slot, last, plan);
        }
    }

    /// A job's task that ended well came to what was wanted of it.
    private static boolean isDone(Service service, Task task) {
        return Jobs.isJob(service) && task.status().state() == TaskState.COMPLETE;
    }

    /// A replacement that ended before it was to start still keeps its slot until then: else a task that cannot even
    /// be prepared would be replaced without any delay.
    private boolean isOver(Task task, Plan.Draftsman plan) {
        Instant start = startOf(task);
        if (task.isEnded() && start.isAfter(turn.now())) {
            plan.askAt(start);
            return false;
        }
        return task.isEnded();
    }

    private Instant startOf(Task task) {
        Instant made = task.meta().createdAt();
        Duration delay = Duration.between(made, task.pace().startAfter().orElse(made));
        return turn.dated(made).plus(delay);
    }

    /// Whether the task lost was the new one of a start-first update, with only old ones left.
    private static boolean isBehind(Service service, Task lost, List<Task> left) {
        Id<Revision> current = service.revision();
        return lost.origin().revision().equals(current)
                && left.stream().noneMatch(task -> task.origin().revision().equals(current));
    }

    private void replace(Service service, Slot slot, Task lost, Plan.Draftsman plan) {
        boolean isHomeless = slot.key().isNode() && placement.isMisplaced(lost);
        if (isHomeless || !allows(lost)) {
            return;
        }
        RestartPolicy policy = policyOf(lost);
        // A task that lost its node did not fail, so nothing is to be waited for.
        Instant start = hasFailed(lost) ? turn.now().plus(policy.delay().orElse(DEFAULT_DELAY)) : turn.now();
        Task replacement = Tasks.inSlot(turn, service, slot.key(), TaskState.READY)
                .startingAfter(start)
                .restartedAt(history(service, lost));
        plan.put(replacement);
        plan.askAt(start);
    }

    /// Whether it ended by itself: one that lost its node did not.
    private static boolean hasFailed(Task task) {
        return task.isEnded() && task.status().state() != TaskState.ORPHANED;
    }

    private RestartPolicy policyOf(Task task) {
        return view.revisionOf(task).spec().restart();
    }

    private List<Instant> history(Service service, Task lost) {
        long counted = policyOf(lost).maxAttempts().orElse(0L);
        if (counted <= 0 || !lost.origin().revision().equals(service.revision())) {
            return List.of();
        }
        List<Instant> times = new ArrayList<>(lost.pace().restarts());
        if (hasFailed(lost)) {
            times.add(turn.now());
        }
        int kept = (int) Math.min(counted, turn.limits().restartsRemembered());
        return times.subList(Math.max(0, times.size() - kept), times.size());
    }

    /// Whether the policy gives a task that is over a successor.
    boolean allows(Task lost) {
        RestartPolicy policy = policyOf(lost);
        boolean wanted = switch (policy.condition().orElse(Condition.ANY)) {
            case ANY -> true;
            case ON_FAILURE -> lost.status().state() != TaskState.COMPLETE;
            case NONE -> false;
        };
        long most = policy.maxAttempts().orElse(0L);
        if (!wanted || most <= 0 || !hasFailed(lost)) {
            return wanted;
        }
        Duration window = policy.window().orElse(Duration.ZERO);
        Instant since = window.isZero() ? Instant.EPOCH : turn.now().minus(window);
        long attempts = lost.pace().restarts().stream()
                .filter(time -> !turn.dated(time).isBefore(since))
                .count();
        return attempts < Math.min(most, turn.limits().restartsRemembered());
    }

    /// Raises replacements from `ready` to `running` once their delay is over and their predecessor has ended.
    void promote(Service service, Slot slot, Plan.Draftsman plan) {
        for (Task task : slot.tasks()) {
            if (task.desiredState() != TaskState.READY) {
                continue;
            }
            Instant start = startOf(task);
            Instant patience =
                    turn.dated(task.meta().createdAt()).plus(turn.limits().oldTaskWait());
            if (start.isAfter(turn.now())) {
                plan.askAt(start);
            } else if (isOccupied(slot, task) && patience.isAfter(turn.now())) {
                plan.askAt(patience);
            } else if (plan.hasRoom()) {
                plan.put(task.wanted(Jobs.goal(service)));
            }
        }
    }

    private boolean isOccupied(Slot slot, Task successor) {
        return slot.tasks().stream()
                .anyMatch(task -> !task.id().equals(successor.id())
                        && !task.isWanted()
                        && !task.isEnded()
                        && task.isAssigned()
                        && !placement.isLost(task));
    }
}
