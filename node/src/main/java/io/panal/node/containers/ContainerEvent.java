package io.panal.node.containers;

import java.time.Instant;

/// Something that happened to a container. Each is told once by the [Containers] that saw it.
public sealed interface ContainerEvent {
    String id();

    /// It exists, without a process.
    record Created(Container container, Instant at) implements ContainerEvent {
        @Override
        public String id() {
            return container.id();
        }
    }

    /// Its process runs.
    record Started(String id, int pid, Instant at) implements ContainerEvent {}

    /// Its process ended. Told again by no later daemon: the state says it.
    record Exited(String id, int code, Instant at, boolean outOfMemory) implements ContainerEvent {}

    /// Its first process was sent a signal.
    record Signalled(String id, int signal, Instant at) implements ContainerEvent {}

    /// It ended as it was asked to, and was given time for; told after the end itself.
    record Stopped(String id, Instant at) implements ContainerEvent {}

    /// It is no more.
    ///
    /// @param container as it was last
    record Removed(Container container, Instant at) implements ContainerEvent {
        @Override
        public String id() {
            return container.id();
        }
    }

    /// The kernel killed in it for want of memory; it may live on.
    record OutOfMemory(String id, Instant at) implements ContainerEvent {}

    /// Its processes were stopped where they are.
    record Paused(String id, Instant at) implements ContainerEvent {}

    /// Its health check came to another finding.
    record HealthChanged(String id, Health.Status status, Instant at) implements ContainerEvent {}

    /// They go on.
    record Resumed(String id, Instant at) implements ContainerEvent {}
}
