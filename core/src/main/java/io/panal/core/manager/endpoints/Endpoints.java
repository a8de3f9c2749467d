package io.panal.core.manager.endpoints;

import io.panal.core.agent.NetworkOrders;
import io.panal.core.agent.NetworkOrders.Overlay;
import io.panal.core.agent.NetworkOrders.Peer;
import io.panal.core.model.Guest;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.store.View;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// What each node's kernel is to hold. Networks that did not change are not worked out again.
public final class Endpoints {
    private static final int DEFAULT_DATA_PATH_PORT = 4789;
    private static final String MTU_OPTION = "com.docker.network.driver.mtu";

    private final NavigableMap<Id<Network>, Known> meshes = new TreeMap<>();
    private final NavigableMap<Id<Network>, NavigableMap<Id<Node>, List<Peer>>> peers = new TreeMap<>();

    /// @param network that it was worked out from
    private record Known(Network network, Mesh mesh) {}

    /// Works networks out anew that something changed about.
    ///
    /// @param services those that changed, or whose tasks did
    /// @param view the state after the change
    /// @return the nodes whose orders may differ now
    public NavigableSet<Id<Node>> changed(
            NavigableSet<Id<Network>> networks, NavigableSet<Id<Service>> services, View view) {
        NavigableSet<Id<Node>> concerned = new TreeSet<>();
        for (Id<Network> id : networks) {
            Optional<Known> known = Optional.ofNullable(meshes.remove(id));
            Optional<Mesh> former = known.map(Known::mesh);
            Optional<Known> anew = view.networks()
                    .find(id)
                    .filter(network -> !network.isOfNode())
                    .map(network -> new Known(
                            network,
                            Mesh.of(
                                    network,
                                    view,
                                    known.map(own -> new Mesh.Former(own.network(), own.mesh(), services)))));
            anew.ifPresent(mesh -> meshes.put(id, mesh));
            Optional<Mesh> next = anew.map(Known::mesh);
            if (!former.equals(next)) {
                former.ifPresent(mesh -> concerned.addAll(mesh.nodes()));
                next.ifPresent(mesh -> concerned.addAll(mesh.nodes()));
            }
            if (!former.map(Mesh::places).equals(next.map(Mesh::places))) {
                peers.remove(id);
            }
        }
        return concerned;
    }

    public void forget() {
        meshes.clear();
        peers.clear();
    }

    /// The nodes that may send to tasks of a network.
    public List<Id<Node>> nodesOf(Network network, View view) {
        return mesh(network, view).nodes();
    }

    private Mesh mesh(Network network, View view) {
        return meshes.computeIfAbsent(network.id(), _ -> new Known(network, Mesh.of(network, view)))
                .mesh();
    }

    public NetworkOrders of(Node node, View view) {
        int port = view.cluster()
                .map(cluster -> cluster.addressing().dataPathPort())
                .filter(own -> own > 0)
                .orElse(DEFAULT_DATA_PATH_PORT);
        List<Overlay> overlays = networks(node, view).stream()
                .flatMap(id -> view.networks().find(id).stream())
                .filter(network -> !network.isOfNode() && isSealedIfAsked(network))
                .map(network -> overlay(node, network, view))
                .toList();
        List<Guest> guests = List.copyOf(view.guestsOn(node.id()));
        List<Network> visited = guests.stream()
                .map(Guest::network)
                .distinct()
                .flatMap(id -> view.networks().find(id).stream())
                .map(Network::unsealed)
                .toList();
        return new NetworkOrders(node.status().addr(), port, overlays, guests, visited);
    }

    /// No node is told to carry in clear what is to be encrypted.
    private static boolean isSealedIfAsked(Network network) {
        return !network.isEncrypted() || network.sealing().isPresent();
    }

    /// Those that the node has an address in, and those that its tasks and guests are in.
    private static NavigableSet<Id<Network>> networks(Node node, View view) {
        NavigableSet<Id<Network>> networks = new TreeSet<>();
        node.attachments().forEach(own -> networks.add(own.network()));
        view.guestsOn(node.id()).forEach(guest -> networks.add(guest.network()));
        for (Task task : view.tasksOn(node.id())) {
            if (task.isAssigned() && !task.isEnded()) {
                task.networksAttachments().forEach(own -> networks.add(own.network()));
            }
        }
        return networks;
    }

    private Overlay overlay(Node node, Network network, View view) {
        Mesh mesh = mesh(network, view);
        List<Peer> others = peers.computeIfAbsent(network.id(), _ -> new TreeMap<>())
                .computeIfAbsent(node.id(), id -> others(mesh, id));
        Optional<Network.Allocation> allocation = network.allocation();
        return new Overlay(
                network.id(),
                network.spec().name(),
                allocation.map(Network.Allocation::vxlanId).orElse(0),
                allocation.map(Network.Allocation::subnets).orElse(List.of()),
                mtu(network),
                network.spec().ingress(),
                network.spec().internal(),
                mesh.sealing(),
                node.attachments().stream()
                        .filter(own -> own.network().equals(network.id()))
                        .flatMap(own -> own.addresses().stream())
                        .findFirst()
                        .orElse(""),
                others,
                mesh.services(),
                mesh.named());
    }

    private static List<Peer> others(Mesh mesh, Id<Node> self) {
        return mesh.places().stream()
                .filter(place -> !place.node().equals(self))
                .map(Mesh.Place::peer)
                .toList();
    }

    private static int mtu(Network network) {
        String text = network.spec().options().getOrDefault(MTU_OPTION, "");
        return text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
    }
}
