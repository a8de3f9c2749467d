package io.panal.node.engine;

import io.panal.node.containers.Container;
import io.panal.node.containers.Containers;
import io.panal.node.http.Call;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import io.panal.node.networks.LocalNetwork;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `POST /networks/X/connect` and `disconnect`, of containers that run and of those that do not.
final class NetworkConnections {
    private final Containers containers;
    private final ContainerLookup lookup;
    private final ContainerNetworks networks;
    private final ContainerStarts starts;
    private final ContainerWatch watch;
    private final AttachedNetworks attached;

    NetworkConnections(HostParts host, ContainerStarts starts, AttachedNetworks attached) {
        this.attached = attached;
        this.containers = host.containers();
        this.lookup = host.lookup();
        this.networks = host.networks();
        this.watch = host.watch();
        this.starts = starts;
    }

    void routes(Router router) {
        router.on("POST", "/networks/{name}/connect", this::connect)
                .on("POST", "/networks/{name}/disconnect", this::disconnect);
    }

    @FunctionalInterface
    private interface Change {
        ContainerDetails of(Container container, ContainerDetails details) throws IOException;
    }

    private void connect(Call call) throws IOException {
        ObjectNode body = Replies.body(call);
        String id = lookup.require(body.path("Container").asString("")).id();
        String name = call.name("name");
        refuseHost(name);
        if (name.equals("none")) {
            throw new Refusal(
                    400,
                    "container cannot be connected to multiple networks with one of the networks in private (none) mode");
        }
        String network = attached.required(name);
        JsonNode asked = body.path("EndpointConfig");
        ObjectNode settings = asked instanceof ObjectNode given ? given : Replies.object();
        change(id, (container, details) -> {
            refuseMode(details);
            if (container.state().isRunning() && details.networks().has(network)) {
                throw new Refusal(
                        403,
                        "endpoint with name %s already exists in network %s"
                                .formatted(container.plan().name(), network));
            }
            return details.connected(network, settings);
        });
        networks.joined(network).ifPresent(joined -> watch.tellNetwork(joined, "connect", id));
        Replies.empty(call, 200);
    }

    private static void refuseHost(String network) throws Refusal {
        if (network.equals("host")) {
            throw new Refusal(400, "container cannot be disconnected from host network or connected to host network");
        }
    }

    private static void refuseMode(ContainerDetails details) throws Refusal {
        if (details.isOnBridges()) {
            return;
        }
        String mode = details.networkMode();
        refuseHost(mode);
        throw new Refusal(
                400,
                mode.startsWith("container:")
                        ? "container sharing network namespace with another container or host cannot be connected to any other network"
                        : "container cannot be connected to multiple networks with one of the networks in private (none) mode");
    }

    private void disconnect(Call call) throws IOException {
        ObjectNode body = Replies.body(call);
        String who = body.path("Container").asString("");
        String name = call.name("name");
        refuseHost(name);
        if (body.path("Force").asBoolean(false)
                && containers.find(who).or(() -> containers.named(who)).isEmpty()) {
            throw new Refusal(404, "endpoint %s not found".formatted(who));
        }
        Container found = lookup.require(who);
        String id = found.id();
        if (name.equals("none") && ContainerDetails.of(found).networkMode().equals("none")) {
            throw new Refusal(400, "a container without networks stays without: make it again with --network NAME");
        }
        String network = attached.required(name);
        Optional<Connections.Joined> joined = networks.joined(network);
        change(id, (container, details) -> {
            if (!details.networks().has(network)) {
                throw new Refusal(
                        500,
                        "container %s is not connected to %snetwork %s"
                                .formatted(id, container.state().isRunning() ? "" : "the ", network));
            }
            return details.disconnected(network);
        });
        joined.ifPresent(own -> watch.tellNetwork(own, "disconnect", id));
        Replies.empty(call, 200);
    }

    /// Kept with the container first, then done to it if it runs; what cannot be done is not kept.
    private void change(String id, Change change) throws IOException {
        ReentrantLock lock = networks.lock(id);
        lock.lock();
        try {
            Container container = lookup.require(id);
            ContainerDetails before = ContainerDetails.of(container);
            ContainerDetails next = change.of(container, before);
            for (EndpointSettings endpoint : next.endpoints()) {
                Optional<LocalNetwork> here = networks.here(endpoint.network());
                if (here.isPresent()) {
                    endpoint.addresses().check(here.get());
                }
            }
            containers.describe(id, next.text());
            if (container.state().isRunning()) {
                try {
                    var _ = starts.attach(lookup.require(id));
                } catch (IOException failed) {
                    containers.describe(id, before.text());
                    throw failed;
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
