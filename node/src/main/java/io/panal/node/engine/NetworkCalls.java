package io.panal.node.engine;

import io.panal.core.api.Filters;
import io.panal.core.api.Lookup;
import io.panal.core.api.Portraits;
import io.panal.core.api.Standing;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.store.View;
import io.panal.node.containers.Container;
import io.panal.node.containers.Containers;
import io.panal.node.dataplane.Sandbox;
import io.panal.node.http.Call;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/networks`: the swarm's, and those every host has.
final class NetworkCalls {
    private static final List<String> DRIVERS = List.of("bridge", "host", "null", "macvlan", "ipvlan");

    private final Swarm swarm;
    private final ClusterCalls cluster;
    private final Containers containers;
    private final AttachedNetworks attached;

    NetworkCalls(Swarm swarm, ClusterCalls cluster, Containers containers, AttachedNetworks attached) {
        this.attached = attached;
        this.swarm = swarm;
        this.cluster = cluster;
        this.containers = containers;
    }

    void routes(Router router) {
        router.on("GET", "/networks", this::list)
                .on("POST", "/networks/create", this::create)
                .on("POST", "/networks/prune", this::prune)
                .on("GET", "/networks/{name}", this::inspect)
                .on("DELETE", "/networks/{name}", this::remove);
    }

    /// A network that is here without anybody having made it.
    private record Own(String name, String driver) {
        static final List<Own> ALL = List.of(
                new Own("bridge", "bridge"),
                new Own("docker_gwbridge", "bridge"),
                new Own("host", "host"),
                new Own("none", "null"));

        /// 64 digits, the same on each host and at each start.
        String id() {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256")
                        .digest(("network " + name).getBytes(StandardCharsets.UTF_8));
                return HexFormat.of().formatHex(hash);
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("every Java has SHA-256", impossible);
            }
        }

        static Optional<Own> called(String text) {
            return ALL.stream()
                    .filter(own -> own.name.equals(text)
                            || (text.length() > 3 && own.id().startsWith(text)))
                    .findFirst();
        }
    }

    private ObjectNode shown(Own own) {
        ObjectNode node = Replies.object();
        node.put("Name", own.name());
        node.put("Id", own.id());
        node.put("Created", "1970-01-01T00:00:00Z");
        node.put("Scope", "local");
        node.put("Driver", own.driver());
        node.put("EnableIPv6", false);
        ObjectNode ipam = node.putObject("IPAM");
        ipam.put("Driver", "default");
        ipam.putNull("Options");
        ipam.putArray("Config");
        node.put("Internal", false);
        node.put("Attachable", false);
        node.put("Ingress", false);
        node.putObject("ConfigFrom").put("Network", "");
        node.put("ConfigOnly", false);
        node.set("Containers", users(own.name()));
        node.putObject("Options");
        node.putObject("Labels");
        return node;
    }

    /// The containers of this host on a network, with their addresses in it.
    private ObjectNode users(String network) {
        ObjectNode users = Replies.object();
        for (Container container : containers.list()) {
            Sandbox.Endpoint endpoint = attached.of(container).get(network);
            if (endpoint != null) {
                ObjectNode user = users.putObject(container.id());
                user.put("Name", container.plan().name());
                user.put("EndpointID", "");
                user.put("MacAddress", endpoint.mac());
                user.put("IPv4Address", endpoint.addressCidr());
                user.put("IPv6Address", "");
            }
        }
        return users;
    }

    /// With who is on it here, and the nodes that take part.
    private ObjectNode inspected(View view, Network network) {
        ObjectNode node = Portraits.network(network);
        if (network.isOfNode()) {
            return node;
        }
        node.set("Containers", users(network.spec().name()));
        ArrayNode peers = Replies.object().putArray("Peers");
        for (Node member : view.nodes().all()) {
            boolean takesPart =
                    member.attachments().stream().anyMatch(own -> own.network().equals(network.id()));
            if (takesPart) {
                peers.addObject()
                        .put("Name", member.hostname())
                        .put("IP", member.status().addr());
            }
        }
        if (!peers.isEmpty()) {
            node.set("Peers", peers);
        }
        return node;
    }

    /// Without a leader what was known last: the node's own networks are there all the same, as in Docker.
    private Optional<View> view() throws IOException {
        try {
            return swarm.standing() instanceof Standing.Manager ? Optional.of(swarm.view()) : Optional.empty();
        } catch (Refusal _) {
            return swarm.copy();
        }
    }

    private void list(Call call) throws IOException {
        Filters filters = io.panal.core.api.NetworkCalls.filters(call.query());
        ArrayNode list = Replies.object().putArray("list");
        Optional<View> view = view();
        if (view.isPresent()) {
            for (Network network : view.get().networks().all()) {
                if (network.isOfNode()) {
                    continue;
                }
                add(list, Portraits.network(network), filters);
            }
        }
        for (Own own : Own.ALL) {
            add(list, shown(own), filters);
        }
        Replies.json(call, 200, list);
    }

    private static void add(ArrayNode list, ObjectNode network, Filters filters) {
        if (io.panal.core.api.NetworkCalls.fits(network, filters)) {
            list.add(network);
        }
    }

    private void inspect(Call call) throws IOException {
        String name = call.name("name");
        String scope = call.query().text("scope");
        Optional<Own> own = Own.called(name);
        Optional<View> view = view();
        Optional<Network> shared = view.flatMap(state -> Lookup.networkCalled(state, name));
        boolean ownFirst = own.isPresent() && shared.map(Network::isOfNode).orElse(true);
        if (view.isPresent() && shared.isPresent() && !scope.equals("local") && !(ownFirst && scope.isEmpty())) {
            Replies.json(call, 200, inspected(view.get(), shared.get()));
        } else if (own.isPresent() && !scope.equals("swarm")) {
            Replies.json(call, 200, shown(own.get()));
        } else {
            throw new Refusal(404, "network %s not found".formatted(name));
        }
    }

    private void create(Call call) throws IOException {
        ObjectNode body = Replies.body(call);
        String name = body.path("Name").asString("");
        String driver = body.path("Driver").asString("");
        boolean shared =
                driver.equals("overlay") || body.path("Scope").asString("").equals("swarm");
        if (Own.called(name).isPresent()) {
            throw new Refusal(403, "operation is not permitted on predefined %s network ".formatted(name));
        }
        if (!shared) {
            refuseLocal(driver);
        }
        switch (swarm.standing()) {
            case Standing.Manager _ -> cluster.answer(call, body.toString());
            case Standing.Worker _ ->
                throw new Refusal(
                        403,
                        "Cannot create a multi-host network from a worker node. Please create the network from a manager node.");
            case Standing.Outside outside ->
                throw new Refusal(500, outside.refusal().orElseThrow());
            case Standing.Locked locked ->
                throw new Refusal(503, locked.refusal().orElseThrow());
        }
    }

    private static void refuseLocal(String driver) throws Refusal {
        if (!driver.isEmpty() && !DRIVERS.contains(driver)) {
            throw new Refusal(404, "plugin \"%s\" not found".formatted(driver));
        }
        throw new Refusal(
                501, "networks of one host are not supported; create one for the swarm with --driver overlay");
    }

    private void remove(Call call) throws IOException {
        String name = call.name("name");
        Optional<Own> own = Own.called(name);
        if (own.isPresent()) {
            throw new Refusal(
                    403,
                    "%s is a pre-defined network and cannot be removed"
                            .formatted(own.get().name()));
        }
        if (swarm.standing() instanceof Standing.Manager) {
            cluster.answer(call, "");
        } else {
            throw new Refusal(404, "network %s not found".formatted(name));
        }
    }

    /// Those of the swarm that no service uses; a worker has none to remove.
    private void prune(Call call) throws IOException {
        PruneFilters filters = PruneFilters.of(call.query(), Instant.now());
        ObjectNode node = Replies.object();
        ArrayNode gone = node.putArray("NetworksDeleted");
        Optional<View> view = view();
        if (view.isPresent()) {
            for (Network network : view.get().networks().all()) {
                // One in use is refused, and so is one that came into use meanwhile.
                if (!network.spec().ingress()
                        && !network.isOfNode()
                        && filters.fits(network.spec().labels(), network.meta().createdAt())
                        && swarm.submit(new Command.RemoveNetwork(network.id())) instanceof Answer.Done) {
                    gone.add(network.spec().name());
                }
            }
        }
        if (gone.isEmpty()) {
            node.putNull("NetworksDeleted");
        }
        Replies.json(call, 200, node);
    }
}
