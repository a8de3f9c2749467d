package io.panal.node.containers;

import java.util.List;

/// What a container may use. Zero is no limit.
///
/// @param nanoCpus    billionths of a core
/// @param memoryBytes beyond it the kernel kills
/// @param pids        processes and threads at a time
/// @param sharedMemoryBytes size of `/dev/shm`
public record Limits(long nanoCpus, long memoryBytes, long pids, long sharedMemoryBytes, List<Ulimit> ulimits) {
    /// One of setrlimit(2).
    ///
    /// @param name as in `ulimit`, such as `nofile`
    /// @param hard at least `soft`; -1 is unlimited, for both
    public record Ulimit(String name, long soft, long hard) {}

    private static final long DEFAULT_SHARED_MEMORY_BYTES = 64L << 20;

    public Limits {
        ulimits = List.copyOf(ulimits);
    }

    /// No limits, and docker's 64 MiB of `/dev/shm`.
    public static Limits none() {
        return new Limits(0, 0, 0, DEFAULT_SHARED_MEMORY_BYTES, List.of());
    }

    /// These limits of CPU, memory and processes.
    public static Limits of(long nanoCpus, long memoryBytes, long pids) {
        return new Limits(nanoCpus, memoryBytes, pids, DEFAULT_SHARED_MEMORY_BYTES, List.of());
    }
}
