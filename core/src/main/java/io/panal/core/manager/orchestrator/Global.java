package io.panal.core.manager.orchestrator;

import io.panal.core.manager.scheduler.Constraint;
import io.panal.core.manager.scheduler.Filters;
import io.panal.core.manager.turn.Plan;
import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Node;
import io.panal.core.model.Revision;
import io.panal.core.model.Service;
import io.panal.core.model.TaskState;
import io.panal.core.store.View;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;

/// One task on each node that may have one.
///
/// Tasks on nodes that are gone, down or drained are given up by [Restarts]; those on nodes that the service's present
/// constraints exclude, here.
final class Global {
    private Global() {}

    static Plan reconcile(Service service, NavigableMap<Slot.Key, Slot> slots, Turn turn, Restarts restarts) {
        Plan.Draftsman plan = turn.plan();
        giveUpExcluded(service, slots.values(), turn.view(), plan);
        for (Node node : eligible(service, turn.view())) {
            Slot.Key key = Slot.Key.on(node);
            Optional<Slot> slot = Optional.ofNullable(slots.get(key));
            if (slot.filter(known -> isServed(known, restarts)).isPresent() || !plan.hasRoom()) {
                continue;
            }
            plan.put(Tasks.inSlot(turn, service, key, slot.isEmpty() ? TaskState.RUNNING : TaskState.READY));
        }
        return plan.plan();
    }

    private static void giveUpExcluded(Service service, Collection<Slot> slots, View view, Plan.Draftsman plan) {
        Revision revision = view.revisions().require(service.revision());
        List<Constraint> constraints = Constraint.of(revision.spec());
        for (Slot slot : slots) {
            boolean isExcluded = slot.place()
                    .flatMap(at -> view.nodes().find(at))
                    .filter(node -> !Constraint.allMatch(constraints, node) || !Filters.runsOn(revision.spec(), node))
                    .isPresent();
            if (isExcluded && plan.hasRoom()) {
                slot.wanted().forEach(task -> plan.put(task.wanted(TaskState.SHUTDOWN)));
            }
        }
    }

    /// The slots that an update may put a task into: those of nodes that may have one.
    static List<Slot> open(Service service, NavigableMap<Slot.Key, Slot> slots, View view) {
        return eligible(service, view).stream()
                .flatMap(node -> Optional.ofNullable(slots.get(Slot.Key.on(node))).stream())
                .toList();
    }

    /// Whether the node has a task, or had one that ended and is not to be replaced.
    private static boolean isServed(Slot slot, Restarts restarts) {
        boolean endedByItself = switch (slot.newest().status().state()) {
            case COMPLETE, FAILED, REJECTED -> true;
            case NEW, PENDING, ASSIGNED, ACCEPTED, PREPARING, READY, STARTING, RUNNING -> false;
            case SHUTDOWN, REMOVE, ORPHANED -> false;
        };
        return !slot.wanted().isEmpty() || (endedByItself && !restarts.allows(slot.newest()));
    }

    static List<Node> eligible(Service service, View view) {
        Revision revision = view.revisions().require(service.revision());
        List<Constraint> constraints = Constraint.of(revision.spec());
        return view.nodes().all().stream()
                .filter(Filters::takesTasks)
                .filter(node -> Constraint.allMatch(constraints, node))
                .filter(node -> Filters.runsOn(revision.spec(), node))
                .toList();
    }
}
