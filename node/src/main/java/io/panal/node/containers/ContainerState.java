package io.panal.node.containers;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.Optional;

/// Where a container is in its life.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ContainerState.Created.class, name = "created"),
    @JsonSubTypes.Type(value = ContainerState.Running.class, name = "running"),
    @JsonSubTypes.Type(value = ContainerState.Exited.class, name = "exited")
})
public sealed interface ContainerState {
    /// Never started, or its start failed.
    ///
    /// @param code  0, or docker's 126 or 127 for a command that cannot be run, 128 for another failure
    /// @param error why its start failed; empty if it was never tried
    record Created(int code, String error) implements ContainerState {}

    /// Has a process.
    ///
    /// @param pid of its first process, as the host numbers it
    record Running(Instant startedAt, int pid, boolean paused) implements ContainerState {}

    /// Had a process.
    ///
    /// @param code        its exit code; 128 and the signal if one ended it; 255 if nobody saw its end
    /// @param outOfMemory whether the kernel killed in it for want of memory
    /// @param asked       whether its end was asked for here, with a stop or a signal
    /// @param error       why it could not be started again, if that was tried; its code is of that then
    record Exited(
            Instant startedAt, Instant finishedAt, int code, boolean outOfMemory, boolean asked, Optional<String> error)
            implements ContainerState {
        /// Another start was tried in vain.
        Exited startedInVain(int why, String words) {
            return new Exited(startedAt, finishedAt, why, false, asked, Optional.of(words));
        }

        /// Its end is asked for, late: it is not to be started again.
        Exited toStay() {
            return new Exited(startedAt, finishedAt, code, outOfMemory, true, error);
        }
    }

    /// Whether it has a process now.
    default boolean isRunning() {
        return this instanceof Running;
    }
}
