package io.panal.node.work;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Room for a few pieces of work at a time. What ends a task's way goes before what begins another's: so tasks come to
/// run one after the other instead of all at the end.
final class Room {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition forFirst = lock.newCondition();
    private final Condition forOthers = lock.newCondition();
    private int free;
    private int firstWaiting;

    /// @param places at least 1
    Room(int places) {
        free = places;
    }

    /// Waits for a place, before all that wait by [#enter]; give it back with [#leave].
    void enterFirst() throws InterruptedException {
        lock.lockInterruptibly();
        firstWaiting++;
        try {
            while (free == 0) {
                forFirst.await();
            }
            free--;
        } finally {
            firstWaiting--;
            wake();
            lock.unlock();
        }
    }

    /// Waits for a place; give it back with [#leave].
    void enter() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (free == 0 || firstWaiting > 0) {
                forOthers.await();
            }
            free--;
        } finally {
            wake();
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            free++;
            wake();
        } finally {
            lock.unlock();
        }
    }

    /// Who may have been woken for a place that it did not take must not keep it from the next.
    private void wake() {
        if (free > 0) {
            if (firstWaiting > 0) {
                forFirst.signal();
            } else {
                forOthers.signal();
            }
        }
    }
}
