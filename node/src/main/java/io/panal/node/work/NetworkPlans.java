package io.panal.node.work;

import io.panal.core.agent.Assignment;
import io.panal.core.agent.NetworkOrders;
import io.panal.core.model.ContainerSpec;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.PortConfig;
import io.panal.node.containers.NamesPlan;
import io.panal.node.dataplane.Cidr;
import io.panal.node.dataplane.NetworkState;
import io.panal.node.dataplane.Overlay;
import io.panal.node.dataplane.Sandbox;
import io.panal.node.dataplane.TaskNetwork;
import io.panal.node.sealing.Keys;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// From core's words for networks to the data plane's.
final class NetworkPlans {
    private NetworkPlans() {}

    static NetworkState state(NetworkOrders orders) {
        return state(orders, new KnownServices());
    }

    /// @param known those that did not change are the same objects in the data plane's words too
    static NetworkState state(NetworkOrders orders, KnownServices known) {
        known.begin();
        return new NetworkState(
                orders.nodeAddress(),
                orders.dataPathPort(),
                orders.overlays().stream()
                        .map(overlay -> overlay(overlay, orders.nodeAddress(), known))
                        .toList());
    }

    private static Overlay overlay(NetworkOrders.Overlay overlay, String nodeAddress, KnownServices known) {
        List<Cidr> ipv6 = ipv6(overlay);
        List<Overlay.Published> published = new ArrayList<>();
        List<Overlay.Service> services = new ArrayList<>();
        for (NetworkOrders.Balanced service : overlay.services()) {
            services.add(known.of(service, () -> service(service, ipv6)));
            for (PortConfig port : service.ports()) {
                published.add(new Overlay.Published(
                        port.protocol().word(),
                        port.publishedPort(),
                        port.targetPort(),
                        turned(
                                service.backends().stream()
                                        .map(NetworkOrders.Backend::ip)
                                        .toList(),
                                nodeAddress)));
            }
        }
        overlay.named().forEach(guest -> services.add(named(guest, ipv6)));
        return new Overlay(
                overlay.id().value(),
                overlay.name(),
                overlay.vxlanId(),
                overlay.subnets().stream()
                        .map(subnet -> new Overlay.Subnet(subnet.subnet(), subnet.gateway()))
                        .toList(),
                overlay.mtu(),
                overlay.ingress(),
                overlay.internal(),
                overlay.nodeCidr().isEmpty() ? Optional.empty() : Optional.of(overlay.nodeCidr()),
                overlay.sealing().map(NetworkPlans::keys),
                overlay.peers().stream()
                        .flatMap(peer -> all(peer.ip(), ipv6).map(ip -> new Overlay.Peer(ip, peer.host())))
                        .toList(),
                services,
                published);
    }

    private static Keys keys(Network.Sealing sealing) {
        TreeMap<Integer, byte[]> secrets = new TreeMap<>();
        sealing.keys()
                .forEach(
                        key -> secrets.put(key.generation(), Base64.getDecoder().decode(key.secret())));
        return new Keys(sealing.present().generation(), secrets);
    }

    /// Each node's round robin begins with another task, so that one request to each node is not six to one task.
    private static List<String> turned(List<String> backends, String nodeAddress) {
        List<String> turned = new ArrayList<>(backends);
        Collections.rotate(turned, nodeAddress.hashCode());
        return turned;
    }

    private static Overlay.Service service(NetworkOrders.Balanced service, List<Cidr> ipv6) {
        return new Overlay.Service(
                service.name(),
                service.aliases(),
                service.vip().isEmpty() ? List.of() : all(service.vip(), ipv6).toList(),
                service.backends().stream()
                        .flatMap(backend -> all(backend.ip(), ipv6).map(ip -> new Overlay.Backend(ip, names(backend))))
                        .toList());
    }

    /// A container of no service is found as a service of one task is that has no virtual address.
    private static Overlay.Service named(NetworkOrders.Named guest, List<Cidr> ipv6) {
        List<String> names = guest.names();
        return new Overlay.Service(
                names.getFirst(),
                names.subList(1, names.size()),
                List.of(),
                all(guest.ip(), ipv6)
                        .map(ip -> new Overlay.Backend(ip, List.of(names.getFirst())))
                        .toList());
    }

    /// The task's own name first: it is the one that its address has.
    private static List<String> names(NetworkOrders.Backend backend) {
        List<String> names = new ArrayList<>(List.of(backend.name()));
        names.addAll(backend.others());
        return names;
    }

    private static List<Cidr> ipv6(NetworkOrders.Overlay overlay) {
        return subnets(overlay).filter(Cidr::isIpv6).toList();
    }

    private static Stream<Cidr> subnets(NetworkOrders.Overlay overlay) {
        return overlay.subnets().stream().map(subnet -> Cidr.of(subnet.subnet()));
    }

    /// An address and those of IPv6 that whoever has it has too: they end with its four bytes.
    private static Stream<String> all(String ipv4, List<Cidr> ipv6) {
        return Stream.concat(
                Stream.of(ipv4),
                ipv6.stream().map(subnet -> Cidr.shown(subnet.endingWith(InetAddress.ofLiteral(ipv4)))));
    }

    /// The subnets of a network that an address of it is not in.
    private static List<String> others(String addressCidr, Id<Network> network, NetworkOrders orders) {
        Cidr own = Cidr.of(addressCidr).network();
        return orders.overlays().stream()
                .filter(overlay -> overlay.id().equals(network))
                .flatMap(NetworkPlans::subnets)
                .filter(subnet -> !subnet.isIpv6() && !subnet.equals(own))
                .map(Cidr::toString)
                .toList();
    }

    /// Whether a task may reach outside: not one whose networks are internal, all of them.
    static boolean reachesOut(Assignment order, NetworkOrders orders) {
        return order.attachments().isEmpty()
                || order.attachments().stream()
                        .anyMatch(own -> orders.overlays().stream()
                                .noneMatch(overlay ->
                                        overlay.internal() && overlay.id().equals(own.network())));
    }

    static TaskNetwork task(Assignment order, String hostname, NetworkOrders orders) {
        ContainerSpec spec = order.spec().containerSpec().orElseThrow();
        TaskNetwork.Names names = spec.dnsConfig()
                .map(dns -> new TaskNetwork.Names(dns.nameservers(), dns.search(), dns.options(), hosts(spec)))
                .orElse(new TaskNetwork.Names(List.of(), List.of(), List.of(), hosts(spec)));
        return new TaskNetwork(
                order.task().value(),
                hostname,
                order.attachments().stream()
                        .filter(attachment -> !attachment.addresses().isEmpty())
                        .map(attachment -> new TaskNetwork.Attachment(
                                attachment.network().value(),
                                attachment.addresses().getFirst(),
                                List.of(),
                                attachment
                                        .addresses()
                                        .subList(1, attachment.addresses().size()),
                                others(attachment.addresses().getFirst(), attachment.network(), orders)))
                        .toList(),
                order.hostPorts().stream().map(NetworkPlans::hostPort).toList(),
                reachesOut(order, orders),
                names);
    }

    /// A spec's hosts are `address name...` already.
    private static List<String> hosts(ContainerSpec spec) {
        return spec.hosts();
    }

    private static TaskNetwork.HostPort hostPort(PortConfig port) {
        int published = port.publishedPort() == 0 ? port.targetPort() : port.publishedPort();
        return new TaskNetwork.HostPort(port.protocol().word(), published, port.targetPort());
    }

    /// A task in the host's network resolves names as the host does, except for what its spec says.
    static NamesPlan namesOnHost(Assignment order, String hostname) {
        ContainerSpec spec = order.spec().containerSpec().orElseThrow();
        return spec.dnsConfig()
                .map(dns -> new NamesPlan(hostname, "", hosts(spec), dns.nameservers(), dns.search(), dns.options()))
                .orElse(new NamesPlan(hostname, "", hosts(spec), List.of(), List.of(), List.of()));
    }

    /// The sandbox's own resolv.conf and hosts, taken apart for the container's.
    static NamesPlan names(String hostname, Sandbox sandbox) {
        List<String> searches = new ArrayList<>(sandbox.words("search"));
        searches.addAll(sandbox.words("domain"));
        return new NamesPlan(
                hostname, "", sandbox.ownHosts(), sandbox.words("nameserver"), searches, sandbox.words("options"));
    }
}
