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
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;

/// One task on each node that may have one.
///
/// Tasks on nodes that may not any more are given up by [Restarts].
final class Global {
    private Global() {}

    static Plan reconcile(Service service, NavigableMap<Slot.Key, Slot> slots, Turn turn, Restarts restarts) {
        Plan.Draftsman plan = turn.plan();
        for (Node node : eligible(service, turn.view())) {
            Slot.Key key = new Slot.Key(0, node.id().value());
            Optional<Slot> slot = Optional.ofNullable(slots.get(key));
            if (slot.filter(known -> isServed(known, restarts)).isPresent() || !plan.hasRoom()) {
                continue;
            }
            plan.put(Tasks.inSlot(turn, service, key, slot.isEmpty() ? TaskState.RUNNING : TaskState.READY));
        }
        return plan.plan();
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
