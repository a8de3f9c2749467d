package io.panal.node.engine;

import io.panal.core.api.Filters;
import io.panal.core.api.Lookup;
import io.panal.core.api.Portraits;
import io.panal.core.api.Standing;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Network;
import io.panal.core.store.View;
import io.panal.node.containers.Container;
import io.panal.node.containers.Containers;
import io.panal.node.dataplane.Sandbox;
import io.panal.node.http.Call;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import io.panal.node.networks.Guests;
import io.panal.node.networks.LocalNetwork;
import io.panal.node.networks.LocalNetworks;
import io.panal.node.networks.NetworkRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/networks`: the swarm's, and those every host has.
final class NetworkCalls {
    private final Swarm swarm;
    private final ClusterCalls cluster;
    private final Containers containers;
    private final AttachedNetworks attached;
    private final LocalNetworks local;
    private final Guests guests;
    private final EventFeed events;

    NetworkCalls(Engine.Parts parts, ClusterCalls cluster, Engine.Host host, AttachedNetworks attached) {
        this.attached = attached;
        this.swarm = parts.swarm();
        this.events = parts.events();
        this.cluster = cluster;
        this.containers = host.containers();
        this.local = host.networks().local();
        this.guests = host.networks().guests();
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
        static final List<Own> ALL =
                List.of(new Own("docker_gwbridge", "bridge"), new Own("host", "host"), new Own("none", "null"));

        String id() {
            return LocalNetworks.idOfBuiltIn(name);
        }

        static Optional<Own> called(String text) {
            return ALL.stream()
                    .filter(own -> own.name.equals(text)
                            || (text.length() > 3 && own.id().startsWith(text)))
                    .findFirst();
        }

        /// One that nobody can make or remove: these, and the one that containers are on by default.
        static Optional<String> predefined(String text) {
            boolean isDefault = text.equals(LocalNetwork.DEFAULT)
                    || (text.length() > 3
                            && LocalNetworks.idOfBuiltIn(LocalNetwork.DEFAULT).startsWith(text));
            return isDefault ? Optional.of(LocalNetwork.DEFAULT) : called(text).map(Own::name);
        }
    }

    private ObjectNode shown(Own own) {
        ObjectNode node = LocalNetworkPortraits.base(own.name(), own.id(), own.driver());
        node.set("Containers", users(own.name()));
        return node;
    }

    private ObjectNode shown(LocalNetwork network) {
        return LocalNetworkPortraits.shown(network, users(network.name()));
    }

    /// By its name or id, the default one among them; a network of the swarm is none.
    private Optional<LocalNetwork> local(String text) throws IOException {
        if (text.equals(LocalNetwork.DEFAULT)) {
            return Optional.of(local.defaultNetwork());
        }
        return local.find(text);
    }

    private ObjectNode users(String network) {
        return users(_ -> true, network);
    }

    /// The containers of this host on a network, with their addresses in it; of two with one name, which one is removed
    /// and has tasks that are still ending, the right one is chosen.
    private ObjectNode users(Predicate<Sandbox.Endpoint> right, String network) {
        ObjectNode users = Replies.object();
        for (Container container : containers.list()) {
            Sandbox.Endpoint endpoint = attached.of(container).get(network);
            if (endpoint != null && right.test(endpoint)) {
                ObjectNode user = users.putObject(container.id());
                user.put("Name", container.plan().name());
                user.put("EndpointID", AttachedNetworks.endpointId(container.id(), network));
                user.put("MacAddress", endpoint.mac());
                user.put("IPv4Address", endpoint.addressCidr());
                user.put(
                        "IPv6Address",
                        endpoint.ipv6().map(Sandbox.Ipv6::addressCidr).orElse(""));
            }
        }
        return users;
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
                if (io.panal.core.api.NetworkCalls.isShown(network, view.get(), filters)) {
                    add(list, Portraits.network(network), filters);
                }
            }
        }
        for (Network network : view.isPresent() ? List.<Network>of() : guests.visited()) {
            if (io.panal.core.api.NetworkCalls.isAsAsked(filters, false)) {
                add(list, Portraits.network(network), filters);
            }
        }
        if (local.find(LocalNetwork.DEFAULT).isEmpty()) {
            // To look does not make it.
            String id = LocalNetworks.idOfBuiltIn(LocalNetwork.DEFAULT);
            add(list, LocalNetworkPortraits.base(LocalNetwork.DEFAULT, id, "bridge"), filters);
        }
        for (LocalNetwork network : local.list()) {
            if (io.panal.core.api.NetworkCalls.isAsAsked(filters, !network.isDefault() && !local.isUsed(network))) {
                add(list, LocalNetworkPortraits.shown(network, Replies.object()), filters);
            }
        }
        for (Own own : Own.ALL) {
            if (io.panal.core.api.NetworkCalls.isAsAsked(filters, false)) {
                add(list, shown(own), filters);
            }
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
        Optional<ObjectNode> own = Own.called(name).map(this::shown);
        if (own.isEmpty() && !scope.equals("swarm")) {
            own = local(name).map(this::shown);
        }
        Optional<View> view = view();
        Optional<Network> shared = view.flatMap(state -> Lookup.networkCalled(state, name));
        Optional<Network> visited = view.isPresent() ? Optional.empty() : visited(name);
        boolean ownFirst = own.isPresent() && shared.map(Network::isOfNode).orElse(true);
        if (view.isPresent() && shared.isPresent() && !scope.equals("local") && !(ownFirst && scope.isEmpty())) {
            Network network = shared.get();
            ObjectNode users = users(
                    endpoint -> endpoint.networkId().equals(network.id().value()),
                    network.spec().name());
            Replies.json(
                    call,
                    200,
                    OverlayPortraits.shown(
                            view.get(), network, users, call.query().isSet("verbose")));
        } else if (own.isPresent() && !scope.equals("swarm")) {
            Replies.json(call, 200, own.get());
        } else if (visited.isPresent() && !scope.equals("local")) {
            ObjectNode node = Portraits.network(visited.get());
            node.set("Containers", users(visited.get().spec().name()));
            Replies.json(call, 200, node);
        } else {
            throw new Refusal(404, "network %s not found".formatted(name));
        }
    }

    /// What a worker has to show of the swarm's networks: those that its users' own containers are on.
    private Optional<Network> visited(String text) {
        return guests.visited().stream()
                .filter(network -> network.spec().name().equals(text)
                        || (text.length() > 3 && network.id().value().startsWith(text)))
                .findFirst();
    }

    private void create(Call call) throws IOException {
        ObjectNode body = Replies.body(call);
        String name = body.path("Name").asString("");
        String driver = body.path("Driver").asString("");
        boolean shared =
                driver.equals("overlay") || body.path("Scope").asString("").equals("swarm");
        if (Own.predefined(name).isPresent()) {
            throw new Refusal(403, "operation is not permitted on predefined %s network ".formatted(name));
        }
        if (local.list().stream().anyMatch(network -> network.name().equals(name))) {
            throw new Refusal(409, "network with name %s already exists".formatted(name));
        }
        if (!shared && !body.path("Scope").asString("").equals("global")) {
            createHere(call, body);
            return;
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

    private void createHere(Call call, ObjectNode body) throws IOException {
        NetworkRequest request = NetworkBodies.bridge(body);
        Optional<View> view = view();
        if (view.isPresent() && view.get().networkNamed(request.name()).isPresent()) {
            throw new Refusal(409, "network with name %s already exists".formatted(request.name()));
        }
        LocalNetwork made = local.create(request);
        tell(made, "create");
        ObjectNode node = Replies.object();
        node.put("Id", made.id());
        node.put("Warning", "");
        Replies.json(call, 201, node);
    }

    private void tell(LocalNetwork network, String action) {
        events.publishLocal(
                "network", action, network.id(), Map.of("name", network.name(), "type", "bridge"), Instant.now());
    }

    /// Removes it, and what is told of it.
    private void removeHere(LocalNetwork network) throws IOException {
        local.remove(network);
        tell(network, "destroy");
    }

    private void remove(Call call) throws IOException {
        String name = call.name("name");
        Optional<String> own = Own.predefined(name);
        if (own.isPresent()) {
            throw new Refusal(403, "%s is a pre-defined network and cannot be removed".formatted(own.get()));
        }
        Optional<LocalNetwork> here = local.find(name);
        if (here.isPresent()) {
            removeHere(here.get());
            Replies.empty(call, 204);
            return;
        }
        if (swarm.standing() instanceof Standing.Manager) {
            cluster.answer(call, "");
        } else {
            throw new Refusal(404, "network %s not found".formatted(name));
        }
    }

    /// Those of this host that nobody is on, and those of the swarm that no service uses.
    private void prune(Call call) throws IOException {
        PruneFilters filters = PruneFilters.of(call.query(), Instant.now());
        ObjectNode node = Replies.object();
        ArrayNode gone = node.putArray("NetworksDeleted");
        for (LocalNetwork network : local.list()) {
            if (!network.isDefault() && !local.isUsed(network) && filters.fits(network.labels(), network.createdAt())) {
                removeHere(network);
                gone.add(network.name());
            }
        }
        Optional<View> view = view();
        if (view.isPresent()) {
            for (Network network : view.get().networks().all()) {
                // One in use is refused, and so is one that came into use meanwhile.
                if (!network.spec().ingress()
                        && io.panal.core.api.NetworkCalls.isShown(network)
                        && filters.fits(network.spec().labels(), network.meta().createdAt())
                        && swarm.submit(new Command.RemoveNetwork(network.id())) instanceof Answer.Done) {
                    gone.add(network.spec().name());
                }
            }
        }
        events.publishPruned("network", 0);
        if (gone.isEmpty()) {
            node.putNull("NetworksDeleted");
        }
        Replies.json(call, 200, node);
    }
}
