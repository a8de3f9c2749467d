package io.panal.machines;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Threads for a command that does one thing to several machines.
public final class Workers {
    private Workers() {}

    /// A thread for each task, none of which keeps the program from ending.
    ///
    /// Not virtual: one that reads a socket starts a poller thread that stays in the kernel, and at its exit the
    /// virtual machine gives such a thread 300 ms, more than the rest of a short command takes.
    public static ExecutorService perTask() {
        return Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory());
    }
}
