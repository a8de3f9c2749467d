package io.panal.core.agent;

import io.panal.core.model.Id;
import io.panal.core.model.Task;
import java.time.Duration;
import java.util.List;

/// What an agent wants done on its host. Work on one task is asked for one piece at a time, each answered by an event.
public sealed interface AgentEffect {
    /// Make the kernel match; before any container that is prepared after it. Answered by `Connected` once it does.
    ///
    /// @param generation of the orders that ask for it, in their session
    record Connect(String session, long generation, NetworkOrders network) implements AgentEffect {}

    /// Tell the leader that the kernel is as the orders of a generation wanted it.
    record Acknowledge(String session, long generation) implements AgentEffect {}

    /// Pull the image, attach the network, create the container. Answered by `Prepared` or `Failed`.
    record Prepare(Assignment assignment) implements AgentEffect {}

    /// Answered by `Started` or `Failed`.
    record Start(Id<Task> task, String containerId) implements AgentEffect {}

    /// Answered by `Exited`.
    ///
    /// @param signal empty for the image's
    /// @param grace before it is killed
    record Stop(Id<Task> task, String containerId, String signal, Duration grace) implements AgentEffect {}

    /// Answered by `Removed`.
    ///
    /// @param containerId empty when none was made; what else there is of the task goes too
    record Remove(Id<Task> task, String containerId) implements AgentEffect {}

    /// Send to the leader.
    record Tell(String session, List<Report> reports) implements AgentEffect {
        public Tell {
            reports = List.copyOf(reports);
        }
    }
}
