package io.panal.node.engine;

import io.panal.core.agent.NetworkOrders;
import io.panal.core.api.Lookup;
import io.panal.core.api.Standing;
import io.panal.core.codec.Codec;
import io.panal.core.model.Id;
import io.panal.core.store.View;
import io.panal.node.containers.Container;
import io.panal.node.containers.NetworkPlan;
import io.panal.node.dataplane.Sandbox;
import io.panal.node.http.Refusal;
import io.panal.node.networks.LocalNetwork;
import io.panal.node.networks.LocalNetworks;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
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

    /// By name. The way outside is left out beside other networks, as dockerd does; alone it counts as `bridge`.
    Map<String, Sandbox.Endpoint> of(Container container) {
        Map<String, String> names = ContainerDetails.of(container).taskNetworks().stream()
                .collect(Collectors.toMap(ContainerDetails.TaskNetwork::id, ContainerDetails.TaskNetwork::name));
        List<Sandbox.Endpoint> endpoints = container.state().isRunning() ? networks.endpoints(container) : List.of();
        Map<String, Sandbox.Endpoint> named = new LinkedHashMap<>();
        for (Sandbox.Endpoint endpoint : endpoints) {
            if (!endpoint.networkId().equals(GATEWAY)) {
                String known = names.get(endpoint.networkId());
                named.put(known == null ? name(endpoint.networkId()) : known, endpoint);
            } else if (endpoints.size() == 1) {
                named.put(LocalNetwork.DEFAULT, endpoint);
            }
        }
        return named;
    }

    /// A worker knows those that it carries.
    private String name(String id) {
        Optional<LocalNetwork> local = networks.local().find(id);
        if (local.isPresent()) {
            return local.get().name();
        }
        Optional<String> carried = networks.guests().network(id).map(NetworkOrders.Overlay::name);
        if (carried.isPresent()) {
            return carried.get();
        }
        String known = names.get(id);
        if (known != null) {
            return known;
        }
        Optional<String> name = view().flatMap(state -> state.networks().find(new Id<>(id)))
                .map(network -> network.spec().name());
        name.ifPresent(own -> names.put(id, own));
        return name.orElse(id);
    }

    /// As [ContainerNetworks#publishedOn]; a task's own ports, of which no network of this host knows, on all
    /// addresses.
    Optional<String> publishedOn(ContainerDetails details) {
        return details.endpoints().isEmpty() ? Optional.of("") : networks.publishedOn(details);
    }

    /// The name of a network that containers can be put on: of this host or of the swarm.
    ///
    /// On a worker a network of the swarm is as good as named until a manager is asked.
    ///
    /// @throws Refusal when there is none
    String required(String text) throws IOException {
        Optional<String> here = networks.here(text).map(LocalNetwork::name);
        Optional<String> known = here.or(() ->
                networks.guests().network(text).map(NetworkOrders.Overlay::name).or(() -> shared(text)));
        if (known.isEmpty() && !(swarm.standing() instanceof Standing.Worker)) {
            throw new Refusal(404, "network %s not found".formatted(text));
        }
        return known.orElse(text);
    }

    private Optional<String> shared(String text) {
        return view().flatMap(state -> Lookup.networkCalled(state, text))
                .filter(network -> !network.isOfNode())
                .map(network -> network.spec().name());
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
        for (EndpointSettings asked : details.endpoints()) {
            describe(shown.putObject(asked.network()), container, asked, attached.get(asked.network()));
        }
        for (ContainerDetails.TaskNetwork network : details.taskNetworks()) {
            describe(shown.putObject(network.name()), container, network, attached.get(network.name()));
        }
        attached.forEach((name, endpoint) -> {
            if (!shown.has(name)) {
                describe(shown.putObject(name), container, Optional.of(endpoint), name);
            }
        });
        // A task without networks leaves by the way that tasks have, which counts as the default network.
        if (!details.task().isEmpty() && shown.path(LocalNetwork.DEFAULT) instanceof ObjectNode bridge) {
            bridge.put("NetworkID", LocalNetworks.idOfBuiltIn(LocalNetwork.DEFAULT));
        }
        String mode = details.networkMode();
        boolean isOfHost =
                mode.equals("host") || (mode.equals("none") && !details.config().isEmpty());
        if (shown.isEmpty() && isOfHost) {
            describe(shown.putObject(mode), container, Optional.empty(), mode);
        }
        return shown;
    }

    private void describe(
            ObjectNode node, Container container, EndpointSettings asked, Sandbox.@Nullable Endpoint endpoint) {
        describe(node, container, Optional.ofNullable(endpoint), asked.network());
        networks.local().find(asked.network()).ifPresent(network -> node.put("NetworkID", network.id()));
        JsonNode wish = asked.asked().path("IPAMConfig");
        if (!wish.isMissingNode()) {
            node.set("IPAMConfig", wish);
        }
        JsonNode options = asked.asked().path("DriverOpts");
        if (!options.isMissingNode()) {
            node.set("DriverOpts", options);
        }
        String hostname = container.plan().host().names().hostname();
        List<String> names = asked.names(container.id(), container.plan().name(), hostname);
        if (!names.isEmpty()) {
            node.set("Aliases", Codec.JSON.tree(asked.aliases(container.id())));
            node.set("DNSNames", Codec.JSON.tree(names));
        }
    }

    /// The way out of a task is by none of these, whatever its mesh answers by.
    private static void describe(
            ObjectNode node,
            Container container,
            ContainerDetails.TaskNetwork network,
            Sandbox.@Nullable Endpoint endpoint) {
        describe(node, container, Optional.ofNullable(endpoint), network.name());
        node.setAll(network.asked());
        node.put("Gateway", "");
        List<String> names = new ArrayList<>(List.of(container.plan().name()));
        names.addAll(ContainerCreation.texts(network.asked().path("Aliases")));
        node.set("DNSNames", Codec.JSON.tree(names));
    }

    private static void describe(
            ObjectNode node, Container container, Optional<Sandbox.Endpoint> endpoint, String network) {
        node.putNull("IPAMConfig");
        node.putNull("Links");
        node.putNull("Aliases");
        node.put("MacAddress", endpoint.map(Sandbox.Endpoint::mac).orElse(""));
        node.putNull("DriverOpts");
        node.put("NetworkID", endpoint.map(Sandbox.Endpoint::networkId).orElse(""));
        node.put(
                "EndpointID",
                endpoint.map(_ -> endpointId(container.id(), network)).orElse(""));
        describeAddresses(node, endpoint);
        node.putNull("DNSNames");
    }

    /// As an endpoint has them, and as `NetworkSettings` itself has those of the default network.
    private static void describeAddresses(ObjectNode node, Optional<Sandbox.Endpoint> endpoint) {
        String[] address =
                endpoint.map(Sandbox.Endpoint::addressCidr).orElse("").split("/", 2);
        String[] ipv6 = endpoint.flatMap(Sandbox.Endpoint::ipv6)
                .map(Sandbox.Ipv6::addressCidr)
                .orElse("")
                .split("/", 2);
        node.put("Gateway", endpoint.map(Sandbox.Endpoint::gateway).orElse(""));
        node.put("IPAddress", address[0]);
        node.put("IPPrefixLen", address.length == 2 ? Integer.parseInt(address[1]) : 0);
        node.put(
                "IPv6Gateway",
                endpoint.flatMap(Sandbox.Endpoint::ipv6)
                        .map(Sandbox.Ipv6::gateway)
                        .orElse(""));
        node.put("GlobalIPv6Address", ipv6[0]);
        node.put("GlobalIPv6PrefixLen", ipv6.length == 2 ? Integer.parseInt(ipv6[1]) : 0);
    }

    /// The fields that `NetworkSettings` has for the default network alone.
    void describeDefault(ObjectNode settings, Container container) {
        Optional<Sandbox.Endpoint> endpoint = Optional.ofNullable(of(container).get(LocalNetwork.DEFAULT));
        settings.put(
                "EndpointID",
                endpoint.map(_ -> endpointId(container.id(), LocalNetwork.DEFAULT))
                        .orElse(""));
        settings.put("MacAddress", endpoint.map(Sandbox.Endpoint::mac).orElse(""));
        describeAddresses(settings, endpoint);
    }

    /// The path of its network namespace; empty of one that has stopped, or has none of its own.
    String namespace(Container container) {
        return container.state().isRunning() && container.plan().host().network() instanceof NetworkPlan.Joined joined
                ? joined.path()
                : "";
    }

    /// 64 digits, where there is a namespace.
    String sandboxId(Container container) {
        return namespace(container).isEmpty() ? "" : LocalNetworks.idOfBuiltIn("sandbox " + container.id());
    }

    /// 64 digits, the same as long as the container is on the network.
    static String endpointId(String containerId, String network) {
        return LocalNetworks.idOfBuiltIn("endpoint " + containerId + " " + network);
    }
}
