package io.panal.core.manager.orchestrator;

import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Id;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;

/// New tasks.
final class Tasks {
    private Tasks() {}

    /// Of the service's present revision.
    static Task inSlot(Turn turn, Service service, Slot.Key slot, TaskState desired) {
        long iteration =
                service.jobStatus().map(Service.JobStatus::jobIteration).orElse(0L);
        Task task = Task.created(
                turn.newId(),
                new Task.Origin(service.id(), slot.number(), service.revision(), iteration),
                desired,
                turn.now());
        return slot.node().isEmpty() ? task : task.boundTo(new Id<>(slot.node()));
    }
}
