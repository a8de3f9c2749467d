package io.panal.node.swarm;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Rings when something has changed, for those who wait to look again.
///
/// Who looks first takes the count, then looks, then waits: a ring in between is not missed.
final class Bell {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rung = lock.newCondition();
    private long rings;

    /// How often it has rung.
    long rings() {
        lock.lock();
        try {
            return rings;
        } finally {
            lock.unlock();
        }
    }

    void ring() {
        lock.lock();
        try {
            rings++;
            rung.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until it has rung more often than `heard`.
    ///
    /// @param patience none is left when it is negative
    /// @return whether it has, in time
    boolean await(long heard, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lock();
        try {
            while (rings <= heard && left > 0) {
                left = rung.awaitNanos(left);
            }
            return rings > heard;
        } finally {
            lock.unlock();
        }
    }
}
