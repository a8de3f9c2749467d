package io.panal.node.engine;

import io.panal.node.containers.Container;
import io.panal.node.containers.Containers;
import io.panal.node.containers.ContainersException;
import io.panal.node.containers.NamesPlan;
import io.panal.node.dataplane.PortTakenException;
import io.panal.node.dataplane.TaskNetwork;
import io.panal.node.http.Refusal;
import io.panal.node.networks.NetworkRefused;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;

/// Starts containers, with the network of those that users run by themselves.
final class ContainerStarts {
    private final Containers containers;
    private final ContainerNetworks networks;
    private final ContainerWatch watch;
    private final ContainerVolumes volumes;

    ContainerStarts(HostParts host) {
        this.containers = host.containers();
        this.networks = host.networks();
        this.watch = host.watch();
        this.volumes = host.volumes();
    }

    /// @return false when it ran already
    boolean start(Container container) throws IOException {
        ReentrantLock lock = networks.lock(container.id());
        lock.lock();
        try {
            return startAlone(container);
        } finally {
            lock.unlock();
        }
    }

    private boolean startAlone(Container container) throws IOException {
        try {
            if (!container.state().isRunning()) {
                connect(container);
            }
            return containers.start(container.id());
        } catch (Refusal refusal) {
            giveUp(container);
            throw refusal;
        } catch (NetworkRefused refused) {
            giveUp(container);
            throw ContainerNetworks.refusal(refused);
        } catch (ContainersException failure) {
            if (!container.state().isRunning()) {
                giveUp(container);
            }
            if (isUsersMistake(String.valueOf(failure.getMessage()))) {
                throw new Refusal(400, String.valueOf(failure.getMessage()));
            }
            throw failure;
        }
    }

    /// A command that is not there or may not be run, as dockerd tells it from its own failures.
    private static boolean isUsersMistake(String why) {
        return why.contains("no such file or directory")
                || why.contains("executable file not found")
                || why.contains("permission denied");
    }

    /// `docker run --rm` waits until a container that could not be started is gone.
    private void giveUp(Container container) throws IOException {
        detach(container.id());
        watch.tellLeft(container.id());
        if (ContainerDetails.of(container).isAutoRemoved()) {
            containers.remove(container.id(), true);
            volumes.removeUnnamed(container, containers.list());
        }
    }

    /// Lets go of the network of one that users run by themselves; a task's is its agent's.
    void detach(String id) throws IOException {
        networks.detach(id);
    }

    /// The namespace was named when the container was made; its bridge port and its published ports come now.
    private void connect(Container container) throws IOException {
        for (EndpointSettings endpoint : attach(container)) {
            networks.joined(endpoint.network())
                    .ifPresent(network -> watch.tellNetwork(network, "connect", container.id()));
        }
    }

    /// The others on its networks find one that runs by its new name.
    void renamed(Container container) throws IOException {
        ReentrantLock lock = networks.lock(container.id());
        lock.lock();
        try {
            if (container.state().isRunning()) {
                var _ = attach(container);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Puts a container on its networks as they are kept with it; again while it runs, when they have changed.
    ///
    /// @return those that it is on
    List<EndpointSettings> attach(Container container) throws IOException {
        try {
            Optional<NamesPlan> names = networks.attach(container);
            if (names.isPresent() && !names.get().equals(container.plan().host().names())) {
                containers.name(container.id(), names.get());
            }
            return names.isPresent() ? ContainerDetails.of(container).endpoints() : List.of();
        } catch (PortTakenException taken) {
            throw new Refusal(
                    500,
                    "driver failed programming external connectivity on endpoint %s: %s"
                            .formatted(container.plan().name(), taken.getMessage()));
        }
    }

    /// Reads them to no other end.
    static void refuseUnreadablePorts(ContainerDetails details) throws Refusal {
        for (TaskNetwork.HostPort port : ports(details)) {
            if (port.publishedPort() > 65535 || port.targetPort() > 65535 || port.targetPort() < 1) {
                throw new Refusal(
                        400, "invalid port specification: %d:%d".formatted(port.publishedPort(), port.targetPort()));
            }
        }
    }

    /// Those that name a port of the host.
    static List<TaskNetwork.HostPort> ports(ContainerDetails details) throws Refusal {
        List<TaskNetwork.HostPort> ports = new ArrayList<>();
        for (var entry : details.hostConfig().path("PortBindings").properties()) {
            String[] parts = entry.getKey().split("/", 2);
            for (JsonNode binding : entry.getValue()) {
                String published = binding.path("HostPort").asString("");
                if (!published.matches("[0-9]{1,5}") || !parts[0].matches("[0-9]{1,5}")) {
                    throw new Refusal(
                            400,
                            "publish a port of the host with -p HOST:CONTAINER; %s has none".formatted(entry.getKey()));
                }
                ports.add(new TaskNetwork.HostPort(
                        parts.length > 1 ? parts[1] : "tcp",
                        Integer.parseInt(published),
                        Integer.parseInt(parts[0]),
                        PublishedPorts.address(binding)));
            }
        }
        return ports;
    }
}
