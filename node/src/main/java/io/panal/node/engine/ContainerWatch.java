package io.panal.node.engine;

import io.panal.node.containers.Container;
import io.panal.node.containers.ContainerEvent;
import io.panal.node.containers.ContainerListener;
import io.panal.node.containers.ContainerState;
import io.panal.node.containers.Containers;
import io.panal.node.containers.MountPlan;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Tells users what happens to containers, in the order in which it happened, and removes those that were to be removed
/// at their end.
///
/// Made before [Containers], which it is to hear; what happens before the engine is there waits.
public final class ContainerWatch implements ContainerListener {
    private static final Logger LOG = System.getLogger(ContainerWatch.class.getName());

    private final EventFeed feed;
    private final Connections connections;
    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private volatile Consumer<Runnable> turn = Runnable::run;
    /// As they were when something happened to them last; of the watching thread alone.
    private final Map<String, Container> seen = new HashMap<>();

    private sealed interface Heard {
        record Happened(ContainerEvent event) implements Heard {}

        record Told(EngineEvent event) implements Heard {}

        record Left(String container) implements Heard {}
    }

    public ContainerWatch(EventFeed feed) {
        this.feed = feed;
        this.connections = new Connections(feed);
    }

    @Override
    public void happened(ContainerEvent event) {
        heard.add(new Heard.Happened(event));
    }

    /// From now on what is told of a container comes after what has happened to it so far.
    void follow(Containers containers) {
        turn = containers::inTurn;
    }

    /// Passes events on until interrupted.
    void run(Containers containers, ContainerNetworks networks, ContainerVolumes volumes, Restarts restarts) {
        try {
            for (Container container : containers.list()) {
                seen.put(container.id(), container);
                if (container.state().isRunning()) {
                    connections.recall(container, networks.local());
                }
            }
            while (true) {
                switch (heard.take()) {
                    case Heard.Happened(ContainerEvent event) -> hear(event, containers, networks, volumes, restarts);
                    case Heard.Told(EngineEvent event) -> {
                        feed.publish(event);
                        connections.heard(event);
                    }
                    case Heard.Left(String container) -> connections.end(container, Instant.now());
                }
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private void hear(
            ContainerEvent event,
            Containers containers,
            ContainerNetworks networks,
            ContainerVolumes volumes,
            Restarts restarts) {
        Optional<Container> now = containers.find(event.id());
        now.or(() -> last(event)).ifPresent(container -> {
            seen.put(container.id(), container);
            pass(event, container);
        });
        if (event instanceof ContainerEvent.Exited && now.isPresent()) {
            end(containers, networks, volumes, now.get());
            containers.find(event.id()).ifPresent(restarts::ended);
        }
    }

    /// Of one that is gone already.
    private Optional<Container> last(ContainerEvent event) {
        return event instanceof ContainerEvent.Removed removed
                ? Optional.of(removed.container())
                : Optional.ofNullable(seen.get(event.id()));
    }

    private void pass(ContainerEvent event, Container container) {
        switch (event) {
            case ContainerEvent.Created created -> publish(container, "create", Map.of(), created.at());
            case ContainerEvent.Started started -> {
                connections.begin(container, started.at());
                mounted(container, "mount", started.at());
                publish(container, "start", Map.of(), started.at());
            }
            case ContainerEvent.Exited exited -> {
                publish(container, "die", lastWords(container, exited), exited.at());
                connections.end(container.id(), exited.at());
                mounted(container, "unmount", exited.at());
            }
            case ContainerEvent.Signalled signalled ->
                publish(container, "kill", Map.of("signal", String.valueOf(signalled.signal())), signalled.at());
            case ContainerEvent.Stopped stopped -> publish(container, "stop", Map.of(), stopped.at());
            case ContainerEvent.Removed removed -> {
                publish(container, "destroy", Map.of(), removed.at());
                connections.end(container.id(), removed.at());
                seen.remove(container.id());
            }
            case ContainerEvent.OutOfMemory memory -> publish(container, "oom", Map.of(), memory.at());
            case ContainerEvent.Paused paused -> publish(container, "pause", Map.of(), paused.at());
            case ContainerEvent.HealthChanged changed ->
                publish(container, "health_status: " + changed.status().word(), Map.of(), changed.at());
            case ContainerEvent.Resumed resumed -> publish(container, "unpause", Map.of(), resumed.at());
        }
    }

    private static Map<String, String> lastWords(Container container, ContainerEvent.Exited exited) {
        Map<String, String> words = new TreeMap<>(Map.of("exitCode", String.valueOf(exited.code())));
        if (container.state() instanceof ContainerState.Exited ended) {
            words.put(
                    "execDuration",
                    String.valueOf(Duration.between(ended.startedAt(), ended.finishedAt())
                            .toSeconds()));
        }
        return words;
    }

    private void mounted(Container container, String action, Instant at) {
        for (MountPlan mount : container.plan().mounts()) {
            if (mount instanceof MountPlan.Volume volume) {
                Map<String, String> attributes = new TreeMap<>(Map.of("container", container.id(), "driver", "local"));
                if (action.equals("mount")) {
                    attributes.put("destination", volume.target());
                    attributes.put("propagation", "");
                    attributes.put("read/write", String.valueOf(!volume.readOnly()));
                }
                feed.publishLocal("volume", action, Volumes.nameOf(Path.of(volume.source())), attributes, at);
            }
        }
    }

    private void publish(Container container, String action, Map<String, String> further, Instant at) {
        feed.publish(event(container, action, further, at));
    }

    private static EngineEvent event(Container container, String action, Map<String, String> further, Instant at) {
        Map<String, String> attributes = new TreeMap<>(container.plan().labels());
        attributes.put("image", ContainerDetails.image(container));
        attributes.put("name", container.plan().name());
        attributes.putAll(further);
        return new EngineEvent("container", action, container.id(), attributes, "local", at);
    }

    private void tell(Heard last) {
        turn.accept(() -> heard.add(last));
    }

    /// Tells that something was done to a container, after all that has happened to it.
    void tell(Container container, String action, Map<String, String> further, Instant at) {
        tell(new Heard.Told(event(container, action, further, at)));
    }

    /// Tells that what nobody used of a kind is gone, after all that has happened to containers.
    void tellPruned(String type, long bytes) {
        tell(new Heard.Told(EngineEvent.pruned(type, bytes)));
    }

    /// Tells that a container came on a network or left it.
    void tellNetwork(Connections.Joined network, String action, String container) {
        tell(new Heard.Told(Connections.event(network, action, container, Instant.now())));
    }

    /// Tells that one that could not be started is on no network any more.
    void tellLeft(String container) {
        tell(new Heard.Left(container));
    }

    private static void end(
            Containers containers, ContainerNetworks networks, ContainerVolumes volumes, Container container) {
        ContainerDetails details = ContainerDetails.of(container);
        if (details.config().isEmpty()) {
            return;
        }
        ReentrantLock lock = networks.lock(container.id());
        lock.lock();
        try {
            boolean runsAgain = containers
                    .find(container.id())
                    .filter(now -> now.state().isRunning())
                    .isPresent();
            if (runsAgain) {
                return;
            }
            networks.detach(container.id());
            if (details.isAutoRemoved()) {
                containers.remove(container.id(), true);
                volumes.removeUnnamed(container, containers.list());
            }
        } catch (IOException failure) {
            LOG.log(
                    Level.WARNING,
                    () -> "container not tidied up id=%s reason=%s".formatted(container.id(), failure.getMessage()));
        } finally {
            lock.unlock();
        }
    }
}
