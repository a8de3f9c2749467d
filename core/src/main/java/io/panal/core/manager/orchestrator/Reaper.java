package io.panal.core.manager.orchestrator;

import io.panal.core.manager.turn.Plan;
import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Id;
import io.panal.core.model.Revision;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.store.Kind;
import io.panal.core.store.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Forgets: tasks beyond a slot's history, tasks that were to be removed and ended, revisions that nobody names.
final class Reaper {
    private static final long DEFAULT_HISTORY = 5;

    private Reaper() {}

    static Plan reconcile(Id<Service> service, Collection<Slot> slots, Turn turn) {
        View view = turn.view();
        Plan.Draftsman plan = turn.plan();
        for (Task task : view.tasksOf(service)) {
            if (task.desiredState().compareTo(TaskState.REMOVE) >= 0
                    && (task.isEnded() || !task.isAssigned())
                    && plan.hasRoom()) {
                plan.delete(Kind.TASK, task.id());
            }
        }
        long kept = view.cluster()
                .flatMap(cluster -> cluster.spec().orchestration().taskHistoryRetentionLimit())
                .orElse(DEFAULT_HISTORY);
        if (kept >= 0) {
            Optional<Instant> updating = view.services()
                    .find(service)
                    .flatMap(Service::updateStatus)
                    .filter(status -> status.completedAt().isEmpty())
                    .flatMap(Service.UpdateStatus::startedAt);
            for (Slot slot : slots) {
                forget(slot, kept, updating, plan, view);
            }
        }
        return plan.plan();
    }

    private static void forget(Slot slot, long kept, Optional<Instant> updating, Plan.Draftsman plan, View view) {
        if (slot.tasks().size() == 1 && slot.wanted().size() == 1) {
            return;
        }
        List<Task> past = new ArrayList<>();
        for (Task task : slot.tasks()) {
            boolean isOver = !task.isWanted() && (task.isEnded() || !task.isAssigned());
            if (isOver && !tellsProgress(slot, task, updating)) {
                past.add(task);
            }
        }
        boolean isHomeless = slot.key().isNode()
                && view.nodes().find(new Id<>(slot.key().node())).isEmpty();
        // A finished slot keeps its last task: it tells that the slot is filled.
        boolean isFinished = slot.wanted().isEmpty() && !isHomeless;
        long room = isHomeless
                ? 0
                : Math.max(isFinished ? 1 : 0, kept - slot.wanted().size());
        for (int i = 0; i < past.size() - room && plan.hasRoom(); i++) {
            plan.delete(Kind.TASK, past.get(i).id());
        }
    }

    /// An update sees how far it is by the last task before it began and the first one after that.
    private static boolean tellsProgress(Slot slot, Task task, Optional<Instant> updating) {
        if (updating.isEmpty()) {
            return false;
        }
        int split = 0;
        while (split < slot.tasks().size()
                && slot.tasks().get(split).meta().createdAt().isBefore(updating.get())) {
            split++;
        }
        int place = slot.tasks().indexOf(task);
        return place == split - 1 || place == split;
    }

    /// To be asked after tasks were deleted.
    static Plan revisions(Id<Service> service, Turn turn) {
        View view = turn.view();
        Plan.Draftsman plan = turn.plan();
        for (Revision revision : view.revisionsOf(service)) {
            boolean isCurrent = view.services()
                    .find(service)
                    .filter(known -> known.revision().equals(revision.id()))
                    .isPresent();
            if (!isCurrent && view.tasksFrom(revision.id()).isEmpty()) {
                plan.delete(Kind.REVISION, revision.id());
            }
        }
        return plan.plan();
    }
}
