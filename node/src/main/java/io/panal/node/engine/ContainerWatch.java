package io.panal.node.engine;

import io.panal.node.containers.Container;
import io.panal.node.containers.ContainerEvent;
import io.panal.node.containers.ContainerListener;
import io.panal.node.containers.Containers;
import io.panal.node.networks.LocalNetwork;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;

/// Tells users what happens to containers, and removes those that were to be removed at their end.
///
/// Made before [Containers], which it is to hear; what happens before the engine is there waits.
public final class ContainerWatch implements ContainerListener {
    private static final Logger LOG = System.getLogger(ContainerWatch.class.getName());

    private final EventFeed feed;
    private final BlockingQueue<ContainerEvent> heard = new LinkedBlockingQueue<>();

    public ContainerWatch(EventFeed feed) {
        this.feed = feed;
    }

    @Override
    public void happened(ContainerEvent event) {
        heard.add(event);
    }

    /// Passes events on until interrupted.
    void run(Containers containers, ContainerNetworks networks, Restarts restarts) {
        try {
            while (true) {
                ContainerEvent event = heard.take();
                containers.find(event.id()).ifPresent(container -> pass(event, container));
                if (event instanceof ContainerEvent.Exited) {
                    containers.find(event.id()).ifPresent(container -> end(containers, networks, container));
                    containers.find(event.id()).ifPresent(restarts::ended);
                }
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private void pass(ContainerEvent event, Container container) {
        switch (event) {
            case ContainerEvent.Started started -> tell(container, "start", Map.of(), started.at());
            case ContainerEvent.Exited exited ->
                tell(container, "die", Map.of("exitCode", String.valueOf(exited.code())), exited.at());
            case ContainerEvent.OutOfMemory memory -> tell(container, "oom", Map.of(), memory.at());
            case ContainerEvent.Paused paused -> tell(container, "pause", Map.of(), paused.at());
            case ContainerEvent.HealthChanged changed ->
                tell(container, "health_status: " + changed.status().word(), Map.of(), changed.at());
            case ContainerEvent.Resumed resumed -> tell(container, "unpause", Map.of(), resumed.at());
        }
    }

    /// Tells that something was done to a container.
    void tell(Container container, String action, Map<String, String> further, Instant at) {
        Map<String, String> attributes = new TreeMap<>(container.plan().labels());
        attributes.put("image", ContainerDetails.image(container));
        attributes.put("name", container.plan().name());
        attributes.putAll(further);
        feed.publishLocal("container", action, container.id(), attributes, at);
    }

    /// Tells that a container came on a network or left it.
    void tellNetwork(LocalNetwork network, String action, String container) {
        feed.publishLocal(
                "network",
                action,
                network.id(),
                Map.of("container", container, "name", network.name(), "type", "bridge"),
                Instant.now());
    }

    /// Of those that a container was on, after its end.
    private void tellLeft(ContainerNetworks networks, Container container) {
        for (EndpointSettings endpoint : ContainerDetails.of(container).endpoints()) {
            networks.local()
                    .find(endpoint.network())
                    .ifPresent(network -> tellNetwork(network, "disconnect", container.id()));
        }
    }

    private void end(Containers containers, ContainerNetworks networks, Container container) {
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
            tellLeft(networks, container);
            if (details.isAutoRemoved()) {
                containers.remove(container.id(), true);
                tell(container, "destroy", Map.of(), Instant.now());
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
