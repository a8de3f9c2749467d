package io.panal.core.manager.control;

import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.Node.Role;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.model.TaskStatus;
import io.panal.core.store.Kind;
import io.panal.core.store.View;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;

/// Nodes: let in, changed, promoted, demoted, taken out.
final class NodeControl {
    private NodeControl() {}

    static Answer admit(Command.AdmitNode command, Turn turn) {
        if (turn.view().nodes().find(command.id()).isEmpty()) {
            Node admitted = Node.admitted(command.id(), command.role(), command.address());
            turn.put(command.arrival().map(admitted::arrived).orElse(admitted));
        }
        return Answers.done(command.id());
    }

    static Answer enlist(Command.EnlistMember command, Turn turn) {
        Optional<Node> node = turn.view().nodes().find(command.id());
        if (node.isEmpty()) {
            return Answers.missing("node", command.id());
        }
        if (!node.get().isManager()) {
            return Answers.precondition("node %s is a worker: promote it first".formatted(command.id()));
        }
        turn.put(node.get().managingAt(command.managerAddress()));
        return Answers.done(command.id());
    }

    /// Its tasks move at once: nobody has to wait until it is missed.
    static Answer part(Command.PartNode command, Turn turn) {
        Optional<Node> node = turn.view().nodes().find(command.id());
        if (node.isEmpty()) {
            return Answers.missing("node", command.id());
        }
        GuestControl.leave(command.id(), turn);
        turn.put(node.get().heard(Node.State.DOWN, "the node's host was shut down"));
        return Answers.done(command.id());
    }

    /// A manager that leaves is one no more, unless the others could not go on without it.
    static Answer farewell(Command.FarewellNode command, Turn turn, NavigableSet<Id<Node>> members) {
        Optional<Node> node = turn.view().nodes().find(command.id());
        if (node.isEmpty()) {
            return Answers.missing("node", command.id());
        }
        GuestControl.leave(command.id(), turn);
        boolean stepsDown = node.get().isManager()
                && demotion(node.get(), turn.view(), members).isEmpty();
        Node leaving = stepsDown ? node.get().inRole(Role.WORKER).managingNoMore() : node.get();
        turn.put(leaving.heard(Node.State.DOWN, "the node left the swarm"));
        return Answers.done(command.id());
    }

    static Answer update(Command.UpdateNode command, Turn turn, NavigableSet<Id<Node>> members) {
        Optional<Node> found = turn.view().nodes().find(command.id());
        if (found.isEmpty()) {
            return Answers.missing("node", command.id());
        }
        Node node = found.get();
        if (Answers.isOutOfSequence(node, command.version())) {
            return Answers.OUT_OF_SEQUENCE;
        }
        boolean isDemoted = node.isManager() && command.spec().role() == Role.WORKER;
        Optional<Answer> refusal = isDemoted ? demotion(node, turn.view(), members) : Optional.empty();
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Node changed = node.respecified(command.spec());
        turn.put(isDemoted ? changed.managingNoMore() : changed);
        return Answers.done(command.id());
    }

    /// Why a manager cannot be made a worker; empty when it can.
    private static Optional<Answer> demotion(Node node, View view, NavigableSet<Id<Node>> members) {
        long managers = view.nodes().all().stream().filter(Node::isManager).count();
        if (managers <= 1) {
            return Optional.of(Answers.precondition("attempting to demote the last manager of the swarm"));
        }
        if (!members.contains(node.id())) {
            return Optional.empty();
        }
        long left = members.size() - 1L;
        long reachable = members.stream()
                .filter(id -> !id.equals(node.id()))
                .filter(id -> view.nodes()
                        .find(id)
                        .filter(other -> other.status().state() == Node.State.READY)
                        .isPresent())
                .count();
        return reachable >= left / 2 + 1
                ? Optional.empty()
                : Optional.of(Answers.precondition(
                        "can't remove member from the raft: this would result in a loss of quorum"));
    }

    static Answer remove(Command.RemoveNode command, Turn turn, NavigableSet<Id<Node>> members) {
        Optional<Node> found = turn.view().nodes().find(command.id());
        if (found.isEmpty()) {
            return Answers.missing("node", command.id());
        }
        Node node = found.get();
        if (node.isManager() || members.contains(node.id())) {
            return Answers.precondition(("node %s is a cluster manager and is a member of the raft cluster."
                            + " It must be demoted to worker before removal")
                    .formatted(node.id()));
        }
        if (!command.force() && node.status().state() == Node.State.READY) {
            return Answers.precondition("node %s is not down and can't be removed".formatted(node.id()));
        }
        for (Task task : List.copyOf(turn.view().tasksOn(node.id()))) {
            if (!task.isEnded()) {
                turn.put(task.seen(TaskStatus.of(
                        turn.now(), TaskState.ORPHANED, "Task belonged to a node that has been deleted")));
            }
        }
        GuestControl.leave(node.id(), turn);
        turn.delete(Kind.NODE, node.id());
        return Answers.done(node.id());
    }
}
