package io.panal.core.manager.orchestrator;

import io.panal.core.manager.turn.Plan;
import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.store.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// As many slots as replicas are wanted.
final class Replicated {
    private record Ranked(Slot slot, boolean idle, int copy) {}

    /// Last are those that go first: idle ones, then those on nodes with many of the service.
    private static final Comparator<Ranked> BY_WORTH = Comparator.comparing(Ranked::idle)
            .thenComparingInt(Ranked::copy)
            .thenComparing(ranked -> ranked.slot().key());

    private Replicated() {}

    static Plan reconcile(Service service, long replicas, NavigableMap<Slot.Key, Slot> slots, Turn turn) {
        Plan.Draftsman plan = turn.plan();
        if (slots.size() < replicas) {
            open(service, replicas - slots.size(), slots, turn, plan);
        } else if (slots.size() > replicas) {
            surplus(slots.values(), replicas).forEach(slot -> close(slot.tasks(), plan));
        }
        return plan.plan();
    }

    /// Swarm leaves gaps: a freed slot is taken before a new one is opened.
    private static void open(
            Service service, long missing, NavigableMap<Slot.Key, Slot> slots, Turn turn, Plan.Draftsman plan) {
        int number = 0;
        for (int opened = 0; opened < missing && plan.hasRoom(); opened++) {
            do {
                number++;
            } while (slots.containsKey(new Slot.Key(number, "")));
            plan.put(Tasks.inSlot(turn, service, new Slot.Key(number, ""), TaskState.RUNNING));
        }
    }

    private static List<Slot> surplus(Collection<Slot> slots, long replicas) {
        NavigableMap<String, Integer> copies = new TreeMap<>();
        List<Ranked> ranked = new ArrayList<>();
        List<Slot> runningFirst = slots.stream()
                .sorted(Comparator.comparing(slot -> !slot.isRunning()))
                .toList();
        for (Slot slot : runningFirst) {
            int copy = slot.place()
                    .map(node -> copies.merge(node.value(), 1, Integer::sum))
                    .orElse(Integer.MAX_VALUE);
            ranked.add(new Ranked(slot, !slot.isRunning(), copy));
        }
        return ranked.stream().sorted(BY_WORTH).skip(replicas).map(Ranked::slot).toList();
    }

    /// Ends tasks for good: those that no node has go at once.
    static void close(Collection<Task> tasks, Plan.Draftsman plan) {
        for (Task task : tasks) {
            if (!plan.hasRoom()) {
                return;
            }
            if (task.isEnded() || !task.isAssigned()) {
                plan.delete(Kind.TASK, task.id());
            } else if (task.desiredState() != TaskState.REMOVE) {
                plan.put(task.wanted(TaskState.REMOVE));
            }
        }
    }
}
