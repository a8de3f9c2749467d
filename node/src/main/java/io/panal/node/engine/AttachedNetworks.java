package io.panal.node.engine;

import io.panal.core.api.Standing;
import io.panal.core.model.Id;
import io.panal.core.store.View;
import io.panal.node.containers.Container;
import io.panal.node.dataplane.Sandbox;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/// Which networks a container is on, as `docker inspect` shows them.
final class AttachedNetworks {
    private static final Logger LOG = System.getLogger(AttachedNetworks.class.getName());
    private static final String GATEWAY = "docker_gwbridge";

    private final ContainerNetworks networks;
    private final Swarm swarm;
    /// A network keeps its name, and reading the state costs a round among the managers.
    private final Map<String, String> names = new ConcurrentHashMap<>();

    AttachedNetworks(ContainerNetworks networks, Swarm swarm) {
        this.networks = networks;
        this.swarm = swarm;
    }

    /// By name. A task's way outside is left out, as dockerd does.
    Map<String, Sandbox.Endpoint> of(Container container) {
        boolean task = container.plan().labels().containsKey(ContainerFilters.TASK_LABEL);
        List<Sandbox.Endpoint> endpoints = container.state().isRunning() ? networks.endpoints(container) : List.of();
        Map<String, Sandbox.Endpoint> named = new LinkedHashMap<>();
        for (Sandbox.Endpoint endpoint : endpoints) {
            if (!endpoint.networkId().equals(GATEWAY)) {
                named.put(name(endpoint.networkId()), endpoint);
            } else if (!task) {
                named.put("bridge", endpoint);
            }
        }
        return named;
    }

    /// A worker knows networks by their ids alone.
    private String name(String id) {
        String known = names.get(id);
        if (known != null) {
            return known;
        }
        Optional<String> name = view().flatMap(state -> state.networks().find(new Id<>(id)))
                .map(network -> network.spec().name());
        name.ifPresent(own -> names.put(id, own));
        return name.orElse(id);
    }

    private Optional<View> view() {
        try {
            return swarm.standing() instanceof Standing.Manager ? Optional.of(swarm.view()) : Optional.empty();
        } catch (IOException noLeader) {
            LOG.log(Level.DEBUG, () -> "networks shown by id reason=" + noLeader.getMessage());
            return Optional.empty();
        }
    }

    /// The shape of `NetworkSettings.Networks`; of a container without addresses, what it asked for.
    ObjectNode shown(Container container, ContainerDetails details) {
        ObjectNode shown = Replies.object();
        Map<String, Sandbox.Endpoint> attached = of(container);
        attached.forEach((name, endpoint) -> describe(shown.putObject(name), endpoint));
        String mode = details.networkMode();
        boolean isAsked = !details.config().isEmpty() || mode.equals("host");
        if (attached.isEmpty() && isAsked && !mode.startsWith("container:")) {
            ObjectNode node = shown.putObject(mode.equals("default") ? "bridge" : mode);
            describe(node, new Sandbox.Endpoint("", "", "", "", ""));
        }
        return shown;
    }

    static void describe(ObjectNode node, Sandbox.Endpoint endpoint) {
        String[] address = endpoint.addressCidr().split("/", 2);
        node.putNull("IPAMConfig");
        node.putNull("Links");
        node.putNull("Aliases");
        node.put("NetworkID", endpoint.networkId());
        node.put("EndpointID", "");
        node.put("Gateway", endpoint.gateway());
        node.put("IPAddress", address[0]);
        node.put("IPPrefixLen", address.length == 2 ? Integer.parseInt(address[1]) : 0);
        node.put("MacAddress", endpoint.mac());
        node.putNull("DriverOpts");
    }
}
