package io.panal.core.agent;

import io.panal.core.model.Id;
import io.panal.core.model.Task;
import java.time.Duration;
import java.util.List;

/// What an agent hears: orders from the leader, and what came of the work on its host.
public sealed interface AgentEvent {
    /// What is on this host at the daemon's start, in whatever state.
    record Found(List<FoundTask> tasks) implements AgentEvent {
        public Found {
            tasks = List.copyOf(tasks);
        }
    }

    /// @param session the orders' own: an order of a former session is not obeyed
    record Ordered(String session, Assignments assignments) implements AgentEvent {}

    /// A manager listens: it is told everything once more.
    record SessionOpened(String session) implements AgentEvent {}

    /// The kernel is as the orders of a generation wanted it.
    record Connected(String session, long generation) implements AgentEvent {}

    /// Image, network and container are there.
    record Prepared(Id<Task> task, String containerId) implements AgentEvent {}

    record Started(Id<Task> task, long pid) implements AgentEvent {}

    /// Its process runs and its health check has not succeeded yet. Comes in the place of `Started`.
    record Warming(Id<Task> task, long pid) implements AgentEvent {}

    /// Its health check succeeded.
    record Healthy(Id<Task> task) implements AgentEvent {}

    /// Its health check failed as often in a row as its retries say.
    record Unhealthy(Id<Task> task) implements AgentEvent {}

    /// A piece of work did not succeed.
    ///
    /// @param why in Docker's words: `No such image: x`
    record Failed(Id<Task> task, String why) implements AgentEvent {}

    /// The container ended, asked or not; its addresses are free again.
    record Exited(Id<Task> task, int exitCode) implements AgentEvent {}

    /// Nothing of the task is left on the host.
    record Removed(Id<Task> task) implements AgentEvent {}

    /// This node is no longer in a swarm: every task is to end.
    record Dismissed() implements AgentEvent {}

    /// The host's clock was set: it shows so much more than time has gone by, less when negative.
    record ClockJumped(Duration by) implements AgentEvent {}

    /// The time that the agent asked for has come.
    record Woken() implements AgentEvent {}

    /// @param pid 0 when it does not run
    /// @param exitCode of one that ended; else 0
    record FoundTask(Id<Task> task, String containerId, Condition condition, long pid, int exitCode) {
        /// What containerd knows of it.
        public enum Condition {
            CREATED,
            WARMING,
            RUNNING,
            UNHEALTHY,
            EXITED
        }
    }
}
