package io.panal.node.engine;

import io.panal.node.containers.Container;
import io.panal.node.containers.NetworkPlan;
import io.panal.node.dataplane.Dataplane;
import io.panal.node.dataplane.Difference;
import io.panal.node.dataplane.Sandbox;
import io.panal.node.dataplane.TaskNetwork;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/// The networks of containers that users run by themselves: outside over the gateway bridge, ports on this host.
public final class ContainerNetworks {
    private static final int STRIPES = 64;

    private final Optional<Dataplane> dataplane;
    /// A container's own lock, shared by chance with others: its start and the tidying after its end exclude each
    /// other.
    private final List<ReentrantLock> stripes =
            IntStream.range(0, STRIPES).mapToObj(_ -> new ReentrantLock()).toList();

    public ContainerNetworks(Dataplane dataplane) {
        this.dataplane = Optional.of(dataplane);
    }

    private ContainerNetworks() {
        this.dataplane = Optional.empty();
    }

    /// For a host without a data plane: containers get a loopback device only.
    public static ContainerNetworks none() {
        return new ContainerNetworks();
    }

    private static String name(String containerId) {
        return TaskNetwork.nameOfPlain(containerId);
    }

    /// Held from the look at a container's state until its network is made or taken away.
    ReentrantLock lock(String containerId) {
        return stripes.get(Math.floorMod(containerId.hashCode(), STRIPES));
    }

    /// Prepares a container's network, to be joined when it is made. Safe to repeat.
    NetworkPlan attach(String containerId, String hostname, List<TaskNetwork.HostPort> ports) throws IOException {
        if (dataplane.isEmpty()) {
            return new NetworkPlan.Isolated();
        }
        var wanted = new TaskNetwork(name(containerId), hostname, List.of(), ports, true, TaskNetwork.Names.NONE);
        return new NetworkPlan.Joined(dataplane.get().attach(wanted).namespace().toString());
    }

    /// The addresses of a container now, of a task's or of one that a user runs; none of one that has stopped.
    List<Sandbox.Endpoint> endpoints(Container container) {
        String task = container.plan().labels().get(ContainerFilters.TASK_LABEL);
        return dataplane
                .flatMap(network -> network.attached(task == null ? name(container.id()) : task))
                .map(Sandbox::endpoints)
                .orElse(List.of());
    }

    /// Compares what the kernel holds of all networks with what is wanted.
    ///
    /// @param mending whether what differs is made as wanted
    List<Difference> examine(boolean mending) throws IOException {
        return dataplane.isPresent() ? dataplane.get().examine(mending) : List.of();
    }

    /// What cannot be done on this host, each a sentence.
    List<String> problems() {
        return dataplane.map(Dataplane::problems).orElse(List.of());
    }

    /// Takes it away again. Safe to repeat.
    void detach(String containerId) throws IOException {
        if (dataplane.isPresent()) {
            dataplane.get().detach(name(containerId));
        }
    }
}
