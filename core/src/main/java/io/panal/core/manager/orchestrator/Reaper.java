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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

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
            slots.forEach(slot -> forget(slot, kept, view, plan));
        }
        return plan.plan();
    }

    private static void forget(Slot slot, long kept, View view, Plan.Draftsman plan) {
        if (slot.tasks().size() == 1 && slot.wanted().size() == 1) {
            return;
        }
        List<Task> past = new ArrayList<>();
        for (Task task : slot.tasks()) {
            if (!task.isWanted() && (task.isEnded() || !task.isAssigned())) {
                past.add(task);
            }
        }
        boolean isHomeless = slot.key().number() == 0
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
