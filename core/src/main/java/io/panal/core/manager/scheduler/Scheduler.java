package io.panal.core.manager.scheduler;

import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.Revision;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.store.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Gives every task that waits for one a node, or the reason why there is none.
///
/// Made for one turn: the load of all nodes is worked out once, and only when a task waits.
public final class Scheduler {
    private final Turn turn;
    private final NavigableMap<Id<Node>, NodeLoad> loads = new TreeMap<>();
    private final NavigableMap<Id<Revision>, Need> needs = new TreeMap<>();

    private Scheduler(Turn turn) {
        this.turn = turn;
    }

    public static void reconcile(Turn turn) {
        NavigableMap<Id<Revision>, List<Task>> waiting = new TreeMap<>();
        for (Task task : turn.view().tasksWaiting()) {
            if (task.status().state() == TaskState.PENDING && turn.takes(task)) {
                waiting.computeIfAbsent(task.origin().revision(), _ -> new ArrayList<>())
                        .add(task);
            }
        }
        if (!waiting.isEmpty()) {
            new Scheduler(turn).schedule(waiting);
        }
    }

    private void schedule(NavigableMap<Id<Revision>, List<Task>> waiting) {
        count();
        for (var group : waiting.entrySet()) {
            Need need = needOf(group.getKey());
            group.getValue().stream().filter(task -> task.nodeId().isPresent()).forEach(task -> confirm(task, need));
            List<Task> homeless = group.getValue().stream()
                    .filter(task -> task.nodeId().isEmpty())
                    .toList();
            if (!homeless.isEmpty()) {
                spread(homeless, need);
            }
        }
    }

    private Need needOf(Id<Revision> revision) {
        return needs.computeIfAbsent(
                revision, id -> Need.of(turn.view().revisions().require(id)));
    }

    private void count() {
        View view = turn.view();
        Instant recent = turn.now().minus(turn.limits().failureWindow());
        view.nodes().all().forEach(node -> loads.put(node.id(), new NodeLoad(node)));
        for (Task task : view.tasks().all()) {
            Optional<NodeLoad> load = task.nodeId().map(loads::get);
            if (load.isEmpty() || !task.isAssigned()) {
                continue;
            }
            if (!task.isEnded()) {
                load.get().holds(task, needOf(task.origin().revision()));
            } else if (hasFailed(task) && turn.dated(task.status().timestamp()).isAfter(recent)) {
                load.get().failed(task);
            }
        }
    }

    private static boolean hasFailed(Task task) {
        return task.status().state() == TaskState.FAILED || task.status().state() == TaskState.REJECTED;
    }

    /// A task of a global service knows its node; it only waits for room there.
    private void confirm(Task task, Need need) {
        Optional<NodeLoad> load = task.nodeId().map(loads::get);
        if (load.isEmpty()) {
            return;
        }
        Optional<Refusal> refusal = load.get().refusal(need);
        if (refusal.isEmpty()) {
            load.get().place(need);
            turn.put(task.assignedTo(load.get().node().id(), turn.now()));
        } else {
            NavigableMap<Refusal, Integer> counts = new TreeMap<>();
            counts.put(refusal.get(), 1);
            refuse(task, Refusal.explained(counts));
        }
    }

    private void spread(List<Task> tasks, Need need) {
        Spread spread = new Spread(need, loads.values(), turn.limits().failuresTolerated());
        Optional<String> why = Optional.empty();
        for (Task task : tasks) {
            Optional<NodeLoad> taken = why.isEmpty() ? spread.take() : Optional.empty();
            if (taken.isPresent()) {
                turn.put(task.assignedTo(taken.get().node().id(), turn.now()));
            } else {
                why = why.or(() -> Optional.of(explanation(need)));
                refuse(task, why.get());
            }
        }
    }

    private String explanation(Need need) {
        NavigableMap<Refusal, Integer> counts = new TreeMap<>();
        for (NodeLoad load : loads.values()) {
            load.refusal(need).ifPresent(refusal -> counts.merge(refusal, 1, Integer::sum));
        }
        return Refusal.explained(counts);
    }

    private void refuse(Task task, String why) {
        if (!task.status().err().equals(why)) {
            turn.put(task.waitingBecause(why, turn.now()));
        }
    }
}
