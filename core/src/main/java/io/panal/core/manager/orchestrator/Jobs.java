package io.panal.core.manager.orchestrator;

import io.panal.core.manager.turn.Plan;
import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Node;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec.Mode;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;

/// Tasks that are to end well, once in each iteration.
final class Jobs {
    private Jobs() {}

    static boolean isJob(Service service) {
        return switch (service.spec().mode()) {
            case Mode.Replicated _, Mode.Global _ -> false;
            case Mode.ReplicatedJob _, Mode.GlobalJob _ -> true;
        };
    }

    /// What its tasks are wanted to come to: a job's to an end, all others' to run.
    static TaskState goal(Service service) {
        return isJob(service) ? TaskState.COMPLETE : TaskState.RUNNING;
    }

    static Plan replicated(Service service, Mode.ReplicatedJob job, View view, Turn turn) {
        Plan.Draftsman plan = turn.plan();
        NavigableMap<Slot.Key, Slot> slots = Slot.of(iteration(service, view, plan));
        long total = job.totalCompletions().or(job::maxConcurrent).orElse(1L);
        long atOnce = job.maxConcurrent().orElse(total);
        long running = slots.values().stream()
                .filter(slot -> slot.wanted().stream().anyMatch(Task::isLive))
                .count();
        for (int number = 0; number < total && running < atOnce && plan.hasRoom(); number++) {
            Slot.Key key = new Slot.Key(number, "");
            if (!slots.containsKey(key)) {
                plan.put(Tasks.inSlot(turn, service, key, TaskState.COMPLETE));
                running++;
            }
        }
        return plan.plan();
    }

    static Plan global(Service service, View view, Turn turn) {
        Plan.Draftsman plan = turn.plan();
        NavigableMap<Slot.Key, Slot> slots = Slot.of(iteration(service, view, plan));
        for (Node node : Global.eligible(service, view)) {
            Slot.Key key = Slot.Key.on(node);
            if (!slots.containsKey(key) && plan.hasRoom()) {
                plan.put(Tasks.inSlot(turn, service, key, TaskState.COMPLETE));
            }
        }
        return plan.plan();
    }

    /// The tasks of this iteration; those of former ones are ended for good.
    private static List<Task> iteration(Service service, View view, Plan.Draftsman plan) {
        long present = service.jobStatus().map(Service.JobStatus::jobIteration).orElse(0L);
        List<Task> own = new ArrayList<>();
        List<Task> former = new ArrayList<>();
        for (Task task : view.tasksOf(service.id())) {
            (task.origin().jobIteration() == present ? own : former).add(task);
        }
        Replicated.close(former, plan);
        return own;
    }
}
