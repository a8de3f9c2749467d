package io.panal.node.dataplane;

import io.panal.node.sealing.Keys;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// One overlay network as one node sees it.
///
/// @param vni tunnel number, 1 to 16,777,215, unlike any other overlay's
/// @param mtu bytes; 0 derives it from the device that holds the node's address
/// @param internal no way outside for its tasks
/// @param hostAddress with prefix: the node's own endpoint, which only the ingress network has
/// @param keys of an encrypted one: nothing of it leaves the node but sealed with them
/// @param peers endpoints on other nodes, those nodes' own endpoints among them
/// @param published for the ingress network only
public record Overlay(
        String id,
        String name,
        int vni,
        List<Subnet> subnets,
        int mtu,
        boolean ingress,
        boolean internal,
        Optional<String> hostAddress,
        Optional<Keys> keys,
        List<Peer> peers,
        List<Service> services,
        List<Published> published) {
    public Overlay {
        subnets = List.copyOf(subnets);
        peers = List.copyOf(peers);
        services = List.copyOf(services);
        published = List.copyOf(published);
    }

    /// The same with no new connections for tasks on some hosts. A service whose tasks are all there keeps
    /// them all: one that may not answer is better than none.
    Overlay sparing(Set<InetAddress> hosts) {
        Set<String> spared = peers.stream()
                .filter(peer -> hosts.contains(InetAddress.ofLiteral(peer.host())))
                .map(Peer::ip)
                .collect(Collectors.toSet());
        return new Overlay(
                id,
                name,
                vni,
                subnets,
                mtu,
                ingress,
                internal,
                hostAddress,
                keys,
                peers,
                services.stream()
                        .map(service -> new Service(
                                service.name(),
                                service.aliases(),
                                service.vips(),
                                others(service.backends(), Backend::ip, spared)))
                        .toList(),
                published.stream()
                        .map(port -> new Published(
                                port.protocol(),
                                port.publishedPort(),
                                port.targetPort(),
                                others(port.backends(), Function.identity(), spared)))
                        .toList());
    }

    private static <T> List<T> others(List<T> backends, Function<T, String> address, Set<String> spared) {
        List<T> others = backends.stream()
                .filter(backend -> !spared.contains(address.apply(backend)))
                .toList();
        return others.isEmpty() ? backends : others;
    }

    /// @param cidr as `10.0.0.0/24`
    /// @param gateway an address of it, as `10.0.0.1`
    public record Subnet(String cidr, String gateway) {}

    /// An endpoint on another node.
    ///
    /// @param ip its address in the overlay
    /// @param host that node's tunnel address
    public record Peer(String ip, String host) {}

    /// A service with tasks in the overlay.
    ///
    /// @param vips its virtual addresses here; none for DNS round robin
    /// @param aliases other names of it in this network
    /// @param backends its tasks that shall get new connections, in an order that all nodes share
    public record Service(String name, List<String> aliases, List<String> vips, List<Backend> backends) {
        public Service {
            aliases = List.copyOf(aliases);
            vips = List.copyOf(vips);
            backends = List.copyOf(backends);
        }
    }

    /// A task's endpoint.
    ///
    /// @param names what it can be asked for by: task name, container's short id, aliases
    public record Backend(String ip, List<String> names) {
        public Backend {
            names = List.copyOf(names);
        }
    }

    /// A port that every node answers on.
    ///
    /// @param protocol `tcp` or `udp`
    /// @param publishedPort 1 to 65,535, on the nodes
    /// @param targetPort 1 to 65,535, in the tasks
    /// @param backends ingress addresses of the tasks that shall get new connections; none refuses them
    public record Published(String protocol, int publishedPort, int targetPort, List<String> backends) {
        public Published {
            backends = List.copyOf(backends);
        }
    }
}
