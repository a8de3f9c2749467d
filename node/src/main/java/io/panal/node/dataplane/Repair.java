package io.panal.node.dataplane;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Looks every few seconds whether another program changed what is ours in the kernel.
///
/// The look itself is cheap: the kernel tells of changes, and counts those of its tables. Only after one is compared.
final class Repair implements Closeable {
    /// What breaks is mended within this time and a little.
    static final Duration PAUSE = Duration.ofSeconds(3);

    private final Thread thread;
    private volatile boolean closed;

    /// @param look by a thread of its own
    Repair(Duration pause, Runnable look) {
        thread = Thread.ofPlatform().name("repair").daemon().unstarted(() -> {
            while (!closed) {
                LockSupport.parkNanos(pause.toNanos());
                if (!closed) {
                    look.run();
                }
            }
        });
    }

    /// Begins. Safe to repeat.
    void start() {
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
