package io.panal.core.agent;

import io.panal.core.model.PortConfig;
import io.panal.core.model.TaskState;
import io.panal.core.model.TaskStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a node knows of one task of its own: what is wanted, how far it is, what is being done about it.
///
/// @param order empty for a container that was found and that no order has named yet
/// @param containerId empty before it is made
/// @param status what the leader is told; empty until there is something to tell
record LocalTask(Optional<Assignment> order, Phase phase, String containerId, long pid, Optional<TaskStatus> status) {

    /// How far the host is. The phases in -ING have a piece of work under way.
    enum Phase {
        NOTHING,
        PREPARING,
        PREPARED,
        STARTING,
        /// It runs; its health check has yet to succeed.
        WARMING,
        RUNNING,
        /// It runs and is found unhealthy; its end is asked for next.
        UNHEALTHY,
        STOPPING,
        /// It is being ended for its health, not because anybody asked.
        CONDEMNED,
        ENDED,
        REMOVING;

        boolean isBusy() {
            return this == PREPARING || this == STARTING || this == STOPPING || this == CONDEMNED || this == REMOVING;
        }
    }

    static final LocalTask UNKNOWN = new LocalTask(Optional.empty(), Phase.NOTHING, "", 0, Optional.empty());

    static LocalTask found(AgentEvent.FoundTask found) {
        Phase phase = switch (found.condition()) {
            case CREATED -> Phase.PREPARED;
            case WARMING -> Phase.WARMING;
            case RUNNING -> Phase.RUNNING;
            case UNHEALTHY -> Phase.UNHEALTHY;
            case EXITED -> Phase.ENDED;
        };
        return new LocalTask(Optional.empty(), phase, found.containerId(), found.pid(), Optional.empty());
    }

    LocalTask ordered(Assignment next) {
        return new LocalTask(Optional.of(next), phase, containerId, pid, status);
    }

    LocalTask unordered() {
        return new LocalTask(Optional.empty(), phase, containerId, pid, status);
    }

    LocalTask in(Phase next) {
        return new LocalTask(order, next, containerId, pid, status);
    }

    LocalTask in(Phase next, String container, long process) {
        return new LocalTask(order, next, container, process, status);
    }

    /// A report never goes back, and an end is an end.
    LocalTask told(Instant now, TaskState state, String message, String err, int exitCode) {
        if (status.filter(last -> last.state().isTerminal() || last.state().compareTo(state) >= 0)
                .isPresent()) {
            return this;
        }
        TaskStatus told = TaskStatus.of(now, state, message).because(err);
        if (!containerId.isEmpty()) {
            told = told.inContainer(new TaskStatus.ContainerStatus(containerId, pid, exitCode));
        }
        List<PortConfig> ports = order.map(Assignment::hostPorts).orElse(List.of());
        if (state == TaskState.RUNNING && !ports.isEmpty()) {
            told = told.publishing(ports);
        }
        return new LocalTask(order, phase, containerId, pid, Optional.of(told));
    }

    boolean isWantedAtMost(TaskState state) {
        return order.filter(wanted -> wanted.desired().compareTo(state) <= 0).isPresent();
    }

    boolean isOver() {
        return status.filter(last -> last.state().isTerminal()).isPresent();
    }
}
