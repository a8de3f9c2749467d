package io.panal.node.engine;

import io.panal.core.api.ClusterEvent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Passes events on to all who listen, and keeps the last 256 for `--since`, as dockerd does.
public final class EventFeed {
    private static final int KEPT = 256;
    private static final int WAITING = 4096;

    private final ArrayDeque<EngineEvent> kept = new ArrayDeque<>();
    private final List<Listener> listeners = new ArrayList<>();

    /// Of the swarm; each manager tells its own listeners. Never blocks.
    public void publish(ClusterEvent event) {
        publish(EngineEvent.of(event));
    }

    /// Of this host. Never blocks.
    public void publishLocal(String type, String action, String id, Map<String, String> attributes, Instant at) {
        publish(new EngineEvent(type, action, id, attributes, "local", at));
    }

    /// Of a volume of this host. Never blocks.
    void publishVolume(String action, String name) {
        publishLocal("volume", action, name, Map.of("driver", "local"), Instant.now());
    }

    /// That what nobody used of a kind is gone. Never blocks.
    ///
    /// @param bytes that its files had
    void publishPruned(String type, long bytes) {
        publish(EngineEvent.pruned(type, bytes));
    }

    synchronized void publish(EngineEvent event) {
        kept.add(event);
        if (kept.size() > KEPT) {
            kept.remove();
        }
        listeners.forEach(listener -> listener.add(event));
    }

    /// How many listen now.
    public synchronized int listening() {
        return listeners.size();
    }

    /// From now on, and what is kept since `since`.
    synchronized Listener listen(Instant since) {
        var listener = new Listener(this);
        kept.stream().filter(event -> !event.at().isBefore(since)).forEach(listener::add);
        listeners.add(listener);
        return listener;
    }

    private synchronized void remove(Listener listener) {
        listeners.remove(listener);
    }

    /// Who listens; one that does not keep up loses its place rather than memory.
    static final class Listener implements AutoCloseable {
        private final EventFeed feed;
        private final BlockingQueue<EngineEvent> waiting = new LinkedBlockingQueue<>(WAITING);
        private volatile boolean behind;

        private Listener(EventFeed feed) {
            this.feed = feed;
        }

        private void add(EngineEvent event) {
            if (!waiting.offer(event)) {
                behind = true;
            }
        }

        /// The next event, or null when none came in time.
        @Nullable
        EngineEvent next(long millis) throws InterruptedException {
            return waiting.poll(millis, TimeUnit.MILLISECONDS);
        }

        boolean isBehind() {
            return behind;
        }

        @Override
        public void close() {
            feed.remove(this);
        }
    }
}
