package io.panal.core.manager.orchestrator;

import io.panal.core.manager.scheduler.Constraint;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.Revision;
import io.panal.core.model.Task;
import io.panal.core.store.View;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Whether tasks may stay where they are: enforcement of what changed about their nodes.
///
/// Made for one reconciliation; it remembers parsed constraints.
final class Placement {
    private final View view;
    private final NavigableMap<Id<Revision>, List<Constraint>> constraints = new TreeMap<>();

    Placement(View view) {
        this.view = view;
    }

    /// Whether a task's node is gone, down, drained, or no longer what its constraints ask for.
    boolean isMisplaced(Task task) {
        Optional<Id<Node>> at = task.nodeId();
        if (at.isEmpty()) {
            return false;
        }
        Optional<Node> node = view.nodes().find(at.get());
        return node.isEmpty()
                || node.get().status().state() == Node.State.DOWN
                || node.get().spec().availability() == Node.Availability.DRAIN
                || !Constraint.allMatch(constraintsOf(task.origin().revision()), node.get());
    }

    /// Whether nothing more is heard of a task's node, so that nobody waits for the task's end.
    boolean isLost(Task task) {
        return task.nodeId()
                .filter(at -> view.nodes()
                        .find(at)
                        .filter(node -> node.status().state() != Node.State.DOWN)
                        .isEmpty())
                .isPresent();
    }

    List<Constraint> constraintsOf(Id<Revision> revision) {
        return constraints.computeIfAbsent(
                revision,
                id -> view.revisions()
                        .find(id)
                        .map(found -> Constraint.of(found.spec()))
                        .orElse(List.of()));
    }
}
