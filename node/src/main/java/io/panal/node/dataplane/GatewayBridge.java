package io.panal.node.dataplane;

import io.panal.node.kernel.Links;
import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.NetlinkMessage;
import io.panal.node.kernel.NetworkNamespace;
import io.panal.node.kernel.OpenDescriptor;
import io.panal.node.kernel.Routes;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// `docker_gwbridge`: the way outside for tasks that are not on the ingress network.
///
/// Tasks reach the host over it, not each other. Its subnet is the first of Docker's that is free here.
final class GatewayBridge {
    static final String MARK = "panal gateway";
    private static final List<Settings.Setting> SETTINGS = List.of(
            // Clients on 127.0.0.1 reach a port of this node's own task over this bridge.
            new Settings.Setting("ipv4/conf/" + HostTable.GATEWAY + "/route_localnet", "1"),
            new Settings.Setting("ipv4/conf/" + HostTable.GATEWAY + "/forwarding", "1"));

    private final Netlink host;
    private final Settings settings;
    private final Set<InetAddress> used = new HashSet<>();
    private Optional<Cidr> address = Optional.empty();
    private int last = 1;
    private boolean bridgedIsFiltered;

    GatewayBridge(Netlink host, Settings settings) {
        this.host = host;
        this.settings = settings;
    }

    /// Knows the bridge of the daemon before, if there is one; changes nothing.
    void adopt() throws IOException {
        // With br_netfilter a redirected packet is bridged, not routed, and our rules see it: they keep tasks apart
        // then.
        bridgedIsFiltered = settings.read("bridge/bridge-nf-call-iptables").equals(Optional.of("1"));
        Optional<Links.Link> there = Links.find(host, HostTable.GATEWAY);
        if (there.isPresent() && address.isEmpty()) {
            int index = there.get().index();
            address = Routes.addresses(host).stream()
                    .filter(held -> held.link() == index && held.address().getAddress().length == 4)
                    .map(held -> new Cidr(held.address(), held.prefix()))
                    .findFirst();
        }
    }

    /// Makes the bridge, or adopts the one that is there.
    ///
    /// @param avoid subnets that are in use elsewhere
    void match(List<Cidr> avoid, Findings findings) throws IOException {
        adopt();
        Optional<Links.Link> there = Links.find(host, HostTable.GATEWAY);
        Cidr chosen = address.isPresent() ? address.get() : freeSubnet(avoid);
        if (findings.mendsUnless(there.isPresent(), "node", "interface " + HostTable.GATEWAY, "missing")) {
            host.send(Links.learningBridge(HostTable.GATEWAY, Links.macOf(chosen.address())));
            int index = Links.required(host, HostTable.GATEWAY).index();
            host.send(
                    Links.alias(index, MARK),
                    Routes.address(index, chosen.address(), chosen.prefix()),
                    Links.up(index));
            settings.write(SETTINGS);
        }
        new HostDevice("node", HostTable.GATEWAY, chosen).match(host, HostDevice.There.of(host), findings);
        settings.match(SETTINGS, false, findings);
        address = Optional.of(chosen);
    }

    /// Makes the near ends of tasks' cables match.
    ///
    /// @param namespaces where the tasks' namespaces are kept, by task
    void matchCables(List<TaskPlan> ready, Path namespaces, List<String> found, Findings findings) throws IOException {
        Optional<Links.Link> bridge = Links.find(host, HostTable.GATEWAY);
        if (bridge.isEmpty() || ready.stream().allMatch(plan -> plan.outside().isEmpty())) {
            return;
        }
        Map<String, Links.Link> links = new HashMap<>();
        Links.list(host).forEach(link -> links.put(link.name(), link));
        for (TaskPlan plan : ready) {
            if (plan.outside().isPresent()) {
                Optional<Links.Link> port = Optional.ofNullable(links.get(plan.port()));
                try {
                    matchCable(plan, port, namespaces, findings);
                } catch (IOException failure) {
                    found.add("%s has no way outside: %s".formatted(plan.owner(), failure.getMessage()));
                }
            }
        }
    }

    private void matchCable(TaskPlan plan, Optional<Links.Link> port, Path namespaces, Findings findings)
            throws IOException {
        int bridge = Links.required(host, HostTable.GATEWAY).index();
        if (port.isEmpty()) {
            if (findings.mends(plan.owner(), "interface " + plan.outsideDevice(), "missing")) {
                NetworkNamespace into =
                        new NetworkNamespace(namespaces.resolve(plan.task().taskId()));
                try (OpenDescriptor open = into.open()) {
                    connect(
                            plan.port(),
                            plan.outsideDevice(),
                            plan.outside().orElseThrow().address(),
                            open);
                }
            }
            return;
        }
        Links.Link link = port.get();
        String what = "interface " + link.name();
        boolean there = link.master() == bridge;
        if (findings.mendsUnless(there, plan.owner(), what, "not a port of " + HostTable.GATEWAY)) {
            host.send(Links.master(link.index(), bridge), keepingApart(link.index()));
        }
        if (findings.mendsUnless(link.up(), plan.owner(), what, "down")) {
            host.send(Links.up(link.index()));
        }
    }

    private NetlinkMessage keepingApart(int port) {
        return bridgedIsFiltered ? Links.reflectingPort(port) : Links.isolatedPort(port);
    }

    boolean isMade() {
        return address.isPresent();
    }

    /// The bridge's own address.
    Cidr own() {
        return address.orElseThrow(() -> new IllegalStateException("the gateway bridge was not made yet"));
    }

    /// Takes a free address; the one just given back comes last.
    Cidr take() throws IOException {
        Cidr own = own();
        int size = 1 << (32 - own.prefix());
        int network = ByteBuffer.wrap(own.address().getAddress()).getInt() & -size;
        for (int tried = 0; tried < size; tried++) {
            last = last + 1 >= size - 1 ? 2 : last + 1;
            InetAddress candidate = InetAddress.getByAddress(
                    ByteBuffer.allocate(4).putInt(network + last).array());
            if (!candidate.equals(own.address()) && used.add(candidate)) {
                return new Cidr(candidate, own.prefix());
            }
        }
        throw new IOException("no free address left in " + own + " of " + HostTable.GATEWAY);
    }

    /// Marks an address as taken by a task that was there before this daemon.
    void adopt(InetAddress taken) {
        used.add(taken);
        last = Math.max(last, ByteBuffer.wrap(taken.getAddress()).getInt() & 0xffff);
    }

    void giveBack(InetAddress taken) {
        used.remove(taken);
    }

    /// Connects a namespace.
    ///
    /// @param port the near end's name, at most 15 characters
    void connect(String port, String device, InetAddress taken, OpenDescriptor into) throws IOException {
        Links.Link bridge = Links.required(host, HostTable.GATEWAY);
        Links.End far = new Links.End(device, taken);
        host.send(
                Links.remove(port),
                Links.cable(port, bridge.index(), bridge.mtu(), far, into),
                Links.withoutOwnAddress(port),
                Links.up(port));
        int index = Links.required(host, port).index();
        host.send(keepingApart(index));
    }

    void disconnect(String port) throws IOException {
        host.send(Links.remove(port));
    }

    /// The near ends of all cables.
    List<Links.Link> ports() throws IOException {
        Optional<Links.Link> bridge = Links.find(host, HostTable.GATEWAY);
        if (bridge.isEmpty()) {
            return List.of();
        }
        int index = bridge.get().index();
        return Links.list(host).stream().filter(link -> link.master() == index).toList();
    }

    void disconnect(List<Links.Link> ports) throws IOException {
        host.send(Links.removeAll(ports.stream().map(Links.Link::index).toList()));
    }

    /// Removes the bridge if it is ours.
    void remove() throws IOException {
        boolean ours = Links.find(host, HostTable.GATEWAY)
                .filter(link -> link.alias().equals(MARK))
                .isPresent();
        if (ours) {
            host.send(Links.remove(HostTable.GATEWAY));
        }
        address = Optional.empty();
        used.clear();
    }

    private Cidr freeSubnet(List<Cidr> avoid) throws IOException {
        List<Cidr> taken = new ArrayList<>(avoid);
        Routes.addresses(host).forEach(held -> taken.add(new Cidr(held.address(), held.prefix())));
        Routes.destinations(host)
                .forEach(destination -> destination
                        .network()
                        .filter(_ -> destination.prefix() > 0)
                        .ifPresent(network -> taken.add(new Cidr(network, destination.prefix()))));
        Stream<String> large = IntStream.rangeClosed(18, 31).mapToObj(second -> "172." + second + ".0.1/16");
        Stream<String> small = IntStream.range(0, 16).mapToObj(block -> "192.168." + 16 * block + ".1/20");
        return Stream.concat(large, small)
                .map(Cidr::of)
                .filter(candidate -> taken.stream().noneMatch(candidate::overlaps))
                .findFirst()
                .orElseThrow(() -> new IOException("no free subnet for " + HostTable.GATEWAY
                        + ": 172.18.0.0/16 to 172.31.0.0/16 and 192.168.0.0/16 are all in use on this node"));
    }
}
