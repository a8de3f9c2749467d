package io.panal.node.engine;

import io.panal.node.containers.NetworkPlan;
import io.panal.node.dataplane.Dataplane;
import io.panal.node.dataplane.TaskNetwork;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The networks of containers that users run by themselves: outside over the gateway bridge, ports on this host.
public final class ContainerNetworks {
    /// Before the container's id in the data plane's names: a sweep of tasks' networks spares what begins so.
    public static final String PREFIX = "run-";

    private final Optional<Dataplane> dataplane;

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
        return PREFIX + containerId.substring(0, 16);
    }

    /// Prepares a container's network, to be joined when it is made. Safe to repeat.
    NetworkPlan attach(String containerId, String hostname, List<TaskNetwork.HostPort> ports) throws IOException {
        if (dataplane.isEmpty()) {
            return new NetworkPlan.Isolated();
        }
        var wanted = new TaskNetwork(name(containerId), hostname, List.of(), ports, true, TaskNetwork.Names.NONE);
        return new NetworkPlan.Joined(dataplane.get().attach(wanted).namespace().toString());
    }

    /// Takes it away again. Safe to repeat.
    void detach(String containerId) throws IOException {
        if (dataplane.isPresent()) {
            dataplane.get().detach(name(containerId));
        }
    }
}
