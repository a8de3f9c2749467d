package io.panal.core.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What was last seen of a task, by the leader until it is assigned, by its node afterwards.
///
/// @param message what happened, in Docker's words ("pending task scheduling", "started")
/// @param err why it does not get on, empty when it does
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TaskStatus(
        Instant timestamp,
        TaskState state,
        String message,
        String err,
        Optional<ContainerStatus> containerStatus,
        @JsonInclude(JsonInclude.Include.ALWAYS) PortStatus portStatus) {

    /// @param exitCode 0 while it runs
    public record ContainerStatus(String containerId, long pid, int exitCode) {
        public ContainerStatus {
            containerId = containerId == null ? "" : containerId;
        }
    }

    /// The ports this task alone publishes on its node.
    public record PortStatus(List<PortConfig> ports) {
        public static final PortStatus NONE = new PortStatus(List.of());

        public PortStatus {
            ports = List.copyOf(ports);
        }
    }

    public TaskStatus {
        portStatus = portStatus == null ? PortStatus.NONE : portStatus;
    }

    public static TaskStatus of(Instant at, TaskState state, String message) {
        return new TaskStatus(at, state, message, "", Optional.empty(), PortStatus.NONE);
    }

    /// The same news, told of another time.
    public TaskStatus observedAt(Instant at) {
        return new TaskStatus(at, state, message, err, containerStatus, portStatus);
    }

    /// The same news in other words.
    public TaskStatus told(String otherMessage, String otherErr) {
        return new TaskStatus(timestamp, state, otherMessage, otherErr, containerStatus, portStatus);
    }

    public TaskStatus because(String reason) {
        return new TaskStatus(timestamp, state, message, reason, containerStatus, portStatus);
    }

    public TaskStatus publishing(List<PortConfig> ports) {
        return new TaskStatus(timestamp, state, message, err, containerStatus, new PortStatus(ports));
    }

    public TaskStatus inContainer(ContainerStatus container) {
        return new TaskStatus(timestamp, state, message, err, Optional.of(container), portStatus);
    }
}
