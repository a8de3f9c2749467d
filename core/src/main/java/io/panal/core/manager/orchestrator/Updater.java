package io.panal.core.manager.orchestrator;

import io.panal.core.manager.turn.Plan;
import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Service;
import io.panal.core.model.Service.UpdateState;
import io.panal.core.model.Service.UpdateStatus;
import io.panal.core.model.ServiceSpec;
import io.panal.core.model.ServiceSpec.Order;
import io.panal.core.model.ServiceSpec.UpdateConfig;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.store.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Brings the tasks of a service to its present spec, some slots at a time.
///
/// Nothing is remembered between turns: which slots an update has tried is read from the tasks made since it began.
final class Updater {
    private final Service service;
    private final View view;
    private final Turn turn;
    private final Outdated outdated;
    private final Plan.Draftsman plan;

    /// A slot during an update.
    ///
    /// @param attempt the first task that the update made in it; empty before
    private record Progress(Slot slot, boolean dirty, Optional<Task> attempt) {}

    private Updater(Service service, Turn turn) {
        this.service = service;
        this.view = turn.view();
        this.turn = turn;
        this.plan = turn.plan();
        this.outdated = new Outdated(view, service);
    }

    static Plan reconcile(Service service, Collection<Slot> slots, Turn turn) {
        return new Updater(service, turn).reconciled(slots);
    }

    private Plan reconciled(Collection<Slot> slots) {
        for (Slot slot : slots) {
            if (plan.hasRoom()) {
                handOver(slot);
            }
        }
        switch (stage()) {
            case PAUSED, ROLLBACK_PAUSED -> {}
            case UPDATING, ROLLBACK_STARTED -> advance(slots, statusNow());
            case COMPLETED, ROLLBACK_COMPLETED -> {
                if (slots.stream().anyMatch(this::isDirty)) {
                    begin(slots);
                }
            }
        }
        return plan.plan();
    }

    private UpdateState stage() {
        return service.updateStatus().map(UpdateStatus::state).orElse(UpdateState.COMPLETED);
    }

    private void begin(Collection<Slot> slots) {
        UpdateStatus status =
                new UpdateStatus(UpdateState.UPDATING, Optional.of(turn.now()), Optional.empty(), "update in progress");
        plan.put(service.updating(status));
        advance(slots, status);
    }

    private UpdateStatus statusNow() {
        return service.updateStatus().orElseThrow(() -> new IllegalStateException("no update of " + service.id()));
    }

    private UpdateConfig configuration(UpdateState state) {
        ServiceSpec spec = service.spec();
        boolean back = state == UpdateState.ROLLBACK_STARTED;
        return (back ? spec.rollbackConfig() : spec.updateConfig()).orElse(ServiceSpec.DEFAULT_UPDATE);
    }

    /// In start-first order the old task goes once the new one runs.
    private void handOver(Slot slot) {
        List<Task> wanted = slot.wanted();
        boolean isServed =
                wanted.stream().anyMatch(task -> task.status().state() == TaskState.RUNNING && !outdated.is(task));
        if (wanted.size() < 2 || !isServed) {
            return;
        }
        wanted.stream().filter(outdated::is).forEach(task -> plan.put(task.wanted(TaskState.SHUTDOWN)));
    }

    /// Whether the slot is filled by a task of another spec, or was when it finished.
    private boolean isDirty(Slot slot) {
        List<Task> wanted = slot.wanted();
        return wanted.isEmpty()
                ? outdated.is(slot.newest())
                : wanted.stream().anyMatch(outdated::is)
                        && wanted.stream()
                                .noneMatch(task ->
                                        !outdated.is(task) && task.status().state() == TaskState.RUNNING);
    }

    private Progress progressOf(Slot slot, Instant since) {
        Optional<Task> attempt = Optional.empty();
        boolean isBehind = false;
        for (Task task : slot.tasks()) {
            if (outdated.is(task)) {
                isBehind = true;
            } else if (isBehind && !task.meta().createdAt().isBefore(since)) {
                attempt = Optional.of(task);
                break;
            }
        }
        return new Progress(slot, isDirty(slot), attempt);
    }

    private void advance(Collection<Slot> slots, UpdateStatus status) {
        Instant since = status.startedAt().orElse(Instant.EPOCH);
        UpdateConfig configuration = configuration(status.state());
        List<Progress> tried = new ArrayList<>();
        List<Progress> left = new ArrayList<>();
        for (Slot slot : slots) {
            Progress progress = progressOf(slot, since);
            if (progress.attempt().isPresent()) {
                tried.add(progress);
            } else if (progress.dirty()) {
                left.add(progress);
            }
        }
        Duration monitor = configuration.monitor().orElse(Duration.ofSeconds(5));
        List<Task> failed = tried.stream()
                .flatMap(progress -> progress.attempt().stream())
                .filter(task -> hasFailed(task, monitor))
                .toList();
        int total = tried.size() + left.size();
        boolean isTooMuch = !failed.isEmpty() && (double) failed.size() / total > configuration.maxFailureRatio();
        if (isTooMuch && configuration.failureAction() != ServiceSpec.FailureAction.CONTINUE) {
            giveUp(configuration.failureAction(), status, failed.getLast());
            return;
        }
        proceed(configuration, tried, left);
        if (left.isEmpty()) {
            finish(status, tried, monitor);
        }
    }

    /// A task that ended before it ran, or not long after, though nobody wanted it to.
    private boolean hasFailed(Task task, Duration monitor) {
        boolean endedByItself = switch (task.status().state()) {
            case COMPLETE, FAILED, REJECTED -> true;
            case NEW, PENDING, ASSIGNED, ACCEPTED, PREPARING, READY, STARTING, RUNNING -> false;
            case SHUTDOWN, REMOVE, ORPHANED -> false;
        };
        return endedByItself
                && task.pace()
                        .runningSince()
                        .filter(begin -> turn.dated(task.status().timestamp())
                                .isAfter(turn.dated(begin).plus(monitor)))
                        .isEmpty();
    }

    private void proceed(UpdateConfig configuration, List<Progress> tried, List<Progress> left) {
        long atOnce = configuration.parallelism() == 0 ? Long.MAX_VALUE : configuration.parallelism();
        Duration delay = configuration.delay().orElse(Duration.ZERO);
        long busy = tried.stream()
                .filter(progress -> isBusy(progress.attempt().orElseThrow(), delay))
                .count();
        for (Progress progress : left) {
            if (busy >= atOnce) {
                return;
            }
            if (!plan.hasRoom()) {
                return;
            }
            replace(progress.slot(), configuration.order());
            busy++;
        }
    }

    /// Whether a slot still counts against the parallelism: its task is not up yet, or was so only just now.
    private boolean isBusy(Task attempt, Duration delay) {
        if (!attempt.isEnded() && attempt.status().state() != TaskState.RUNNING) {
            return attempt.isWanted();
        }
        Instant free = settledAt(attempt).plus(delay);
        if (free.isAfter(turn.now())) {
            plan.askAt(free);
            return true;
        }
        return false;
    }

    private Instant settledAt(Task attempt) {
        return turn.dated(attempt.pace().runningSince().orElse(attempt.status().timestamp()));
    }

    private void replace(Slot slot, Order order) {
        List<Task> wanted = slot.wanted();
        boolean isFilled = wanted.stream().anyMatch(task -> !outdated.is(task));
        boolean startFirst = order == Order.START_FIRST && wanted.stream().anyMatch(Task::isAssigned);
        if (!isFilled) {
            TaskState desired = startFirst ? TaskState.RUNNING : TaskState.READY;
            plan.put(Tasks.inSlot(turn, service, slot.key(), desired).startingAfter(turn.now()));
        }
        // What an update before this one began and did not bring to run is given up in any order.
        Optional<Task> serving = wanted.stream()
                .filter(outdated::is)
                .max(Comparator.comparing(task -> task.status().state() == TaskState.RUNNING));
        wanted.stream()
                .filter(outdated::is)
                .filter(task -> !startFirst || serving.filter(task::equals).isEmpty())
                .forEach(task -> plan.put(task.wanted(TaskState.SHUTDOWN)));
    }

    private void finish(UpdateStatus status, List<Progress> tried, Duration monitor) {
        boolean isUnderWay = tried.stream()
                .map(progress -> progress.attempt().orElseThrow())
                .anyMatch(task -> isBusy(task, monitor));
        // A slot whose new task failed and is to be tried again is dirty still only in start-first order.
        if (isUnderWay || tried.stream().anyMatch(progress -> progress.dirty() && isAwaited(progress))) {
            return;
        }
        boolean back = status.state() == UpdateState.ROLLBACK_STARTED;
        plan.put(service.updating(new UpdateStatus(
                back ? UpdateState.ROLLBACK_COMPLETED : UpdateState.COMPLETED,
                status.startedAt(),
                Optional.of(turn.now()),
                back ? "rollback completed" : "update completed")));
    }

    private boolean isAwaited(Progress progress) {
        return progress.slot().wanted().stream().anyMatch(task -> !outdated.is(task));
    }

    private void giveUp(ServiceSpec.FailureAction action, UpdateStatus status, Task failed) {
        boolean back = status.state() == UpdateState.ROLLBACK_STARTED;
        if (action == ServiceSpec.FailureAction.ROLLBACK
                && !back
                && service.previousSpec().isPresent()) {
            ServiceSpec former = service.previousSpec().orElseThrow();
            Revisions.Choice choice = Revisions.forSpec(service.id(), former, view, turn);
            choice.fresh().ifPresent(plan::put);
            plan.put(service.rolledBack(
                    former,
                    choice.id(),
                    new UpdateStatus(
                            UpdateState.ROLLBACK_STARTED,
                            Optional.of(turn.now()),
                            Optional.empty(),
                            "update rolled back due to failure or early termination of task " + failed.id())));
            plan.askAt(turn.now());
            return;
        }
        plan.put(service.updating(new UpdateStatus(
                back ? UpdateState.ROLLBACK_PAUSED : UpdateState.PAUSED,
                status.startedAt(),
                Optional.empty(),
                "%s paused due to failure or early termination of task %s"
                        .formatted(back ? "rollback" : "update", failed.id()))));
    }
}
