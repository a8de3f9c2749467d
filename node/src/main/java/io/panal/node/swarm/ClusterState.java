package io.panal.node.swarm;

import io.panal.core.codec.Codec;
import io.panal.core.store.Batch;
import io.panal.core.store.Snapshot;
import io.panal.core.store.View;
import io.panal.node.consensus.ReplicatedState;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The cluster's state as this manager has it, and who waits for it to change.
public final class ClusterState implements ReplicatedState {
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    private volatile View view = View.EMPTY;

    /// Sees each change after it is applied. Called on the log's thread: must not block.
    @FunctionalInterface
    public interface Watcher {
        void applied(View before, Batch batch, View after);
    }

    public View view() {
        return view;
    }

    /// @return takes the watcher off again
    public Runnable watch(Watcher watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    /// Waits until this manager's view is at least of the version, as a reply of the leader named it.
    ///
    /// @return whether it is, in time
    public boolean await(long version, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lock();
        try {
            while (view.version() < version && left > 0) {
                left = advanced.awaitNanos(left);
            }
            return view.version() >= version;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void apply(long term, long index, byte[] entry) {
        Batch batch = Codec.BINARY.read(entry, Batch.class);
        View before = view;
        View after = before.after(batch);
        advance(after);
        for (Watcher watcher : watchers) {
            watcher.applied(before, batch, after);
        }
    }

    @Override
    public void snapshot(OutputStream to) throws IOException {
        to.write(Snapshot.write(view));
    }

    @Override
    public void restore(InputStream from, long index) throws IOException {
        View before = view;
        View restored = Snapshot.read(from.readAllBytes());
        advance(restored);
        for (Watcher watcher : watchers) {
            watcher.applied(before, new Batch(Instant.EPOCH, List.of()), restored);
        }
    }

    private void advance(View next) {
        lock.lock();
        try {
            view = next;
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
