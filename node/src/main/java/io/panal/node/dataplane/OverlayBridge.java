package io.panal.node.dataplane;

import io.panal.node.kernel.KernelException;
import io.panal.node.kernel.Links;
import io.panal.node.kernel.Neighbours;
import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.NetlinkMessage;
import io.panal.node.kernel.NetworkNamespace;
import io.panal.node.kernel.Notices;
import io.panal.node.kernel.OpenDescriptor;
import io.panal.node.sealing.SealingLink;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// One overlay on this host: a namespace of its own with a bridge and a VXLAN port.
///
/// The host's firewall and routes never see a bridged frame. Nothing is learned or flooded: each remote endpoint has a
/// tunnel entry, a bridge entry and an ARP or ND answer, all of them derived from its address.
final class OverlayBridge implements Closeable {
    private static final String BRIDGE = "br0";
    private static final String TUNNEL = "vx0";
    private static final String MISSING = "missing";
    private static final int LOOPBACK = 1;
    private static final int MESSAGES_AT_ONCE = 300;

    private final NetworkNamespace namespace;
    private final Netlink inside;
    private final Notices notices;
    private int mtu;

    private OverlayBridge(NetworkNamespace namespace, Sockets sockets) {
        this.namespace = namespace;
        inside = sockets.route();
        notices = sockets.notices();
    }

    private record Sockets(Netlink route, Notices notices) {
        static Sockets openHere() throws IOException {
            return new Sockets(Netlink.routeHere(), Notices.ofForwardingHere());
        }
    }

    /// What the tunnel speaks from.
    ///
    /// @param mtu of the device that holds the address, in bytes
    /// @param host a socket in the host's namespace, where the tunnel's UDP socket stays
    /// @param sealings for encrypted networks, instead of a tunnel
    record Underlay(InetAddress address, int port, int mtu, Netlink host, Sealings sealings) {
        /// What an overlay's packet grows by on its way, in bytes.
        int overhead(Overlay wanted) {
            if (wanted.keys().isPresent()) {
                return SealingLink.OVERHEAD_BYTES;
            }
            return address.getAddress().length == 4 ? 50 : 70;
        }
    }

    /// The overlay whose namespace is kept at `path`, which is made if it is not there.
    static OverlayBridge at(Path path) throws IOException {
        NetworkNamespace namespace = new NetworkNamespace(path);
        if (Files.exists(path)) {
            try {
                return new OverlayBridge(namespace, namespace.enter(Sockets::openHere));
            } catch (KernelException notMounted) {
                namespace.remove();
            }
        }
        Sockets sockets = NetworkNamespace.create(path, () -> {
            Settings.writeHere(List.of(
                    // Its ports carry frames and have no address of their own.
                    new Settings.Setting("ipv6/conf/default/addr_gen_mode", "1"),
                    new Settings.Setting("bridge/bridge-nf-call-iptables", "0"),
                    new Settings.Setting("bridge/bridge-nf-call-ip6tables", "0")));
            return Sockets.openHere();
        });
        return new OverlayBridge(namespace, sockets);
    }

    /// Bytes that the overlay carries, once it has been made to match.
    int mtu() {
        return mtu;
    }

    /// Whether something in here was changed, by anybody, since this was asked last.
    boolean isTouched() throws IOException {
        return notices.any();
    }

    /// Makes bridge, tunnel and remote endpoints match.
    ///
    /// @param local addresses that are on this node, whatever the peers say
    void match(Overlay wanted, Underlay underlay, Set<InetAddress> local, Findings findings) throws IOException {
        String where = "network " + wanted.name();
        mtu = wanted.mtu() > 0 ? wanted.mtu() : underlay.mtu() - underlay.overhead(wanted);
        boolean made = Links.find(inside, BRIDGE).isPresent();
        if (findings.mendsUnless(made, where, "interface " + BRIDGE, MISSING, Findings.PRESENT)) {
            inside.send(Links.bridge(BRIDGE, mtu), Links.up(LOOPBACK));
            made = true;
        }
        if (!made) {
            return;
        }
        Links.Link bridge = Links.required(inside, BRIDGE);
        matchLink(where, bridge, findings);
        Optional<Links.Link> tunnel = matchTunnel(wanted, underlay, bridge, findings);
        if (tunnel.isPresent()) {
            Map<InetAddress, InetAddress> peers = peers(wanted, local);
            if (wanted.keys().isPresent()) {
                matchPorts(where, tunnel.get().index(), peers.keySet(), findings);
                underlay.sealings().follow(wanted);
            } else {
                matchPeers(where, tunnel.get().index(), peers, findings);
            }
        }
    }

    private void matchLink(String where, Links.Link link, Findings findings) throws IOException {
        String what = "interface " + link.name();
        if (findings.mendsUnless(link.mtu() == mtu, where, what, "mtu " + link.mtu(), "mtu " + mtu)) {
            inside.send(Links.mtu(link.index(), mtu));
        }
        if (findings.mendsUnless(link.up(), where, what, "down", Findings.UP)) {
            inside.send(Links.up(link.index()));
        }
    }

    /// @return the tunnel; empty when it is not there and not to be made now
    private Optional<Links.Link> matchTunnel(Overlay wanted, Underlay underlay, Links.Link bridge, Findings findings)
            throws IOException {
        String where = "network " + wanted.name();
        String what = "interface " + TUNNEL;
        boolean sealed = wanted.keys().isPresent();
        String mark = "panal %s%d %s %d"
                .formatted(
                        sealed ? "sealed " : "",
                        wanted.vni(),
                        underlay.address().getHostAddress(),
                        underlay.port());
        Optional<Links.Link> there = Links.find(inside, TUNNEL);
        boolean right = there.filter(link -> link.alias().equals(mark)).isPresent()
                && (!sealed || underlay.sealings().isCarrying(wanted.id()));
        String found = there.map(link -> link.alias().isEmpty() ? "without a mark" : link.alias())
                .orElse(MISSING);
        if (findings.mendsUnless(right, where, what, found, mark)) {
            makeTunnel(wanted, underlay);
            int index = Links.required(inside, TUNNEL).index();
            inside.send(
                    Links.master(index, bridge.index()),
                    Links.deafPort(index),
                    Links.alias(index, mark),
                    Links.up(index));
        }
        Optional<Links.Link> tunnel = Links.find(inside, TUNNEL);
        if (tunnel.isPresent()) {
            matchLink(where, tunnel.get(), findings);
            matchMaster(where, tunnel.get(), bridge, findings);
        }
        return tunnel;
    }

    private void makeTunnel(Overlay wanted, Underlay underlay) throws IOException {
        inside.send(Links.remove(TUNNEL));
        if (wanted.keys().isPresent()) {
            underlay.sealings().carry(wanted, TUNNEL, namespace);
            inside.send(Links.mtu(Links.required(inside, TUNNEL).index(), mtu));
            return;
        }
        try (OpenDescriptor here = namespace.open()) {
            underlay.host()
                    .send(Links.vxlan(
                            new Links.Vxlan(TUNNEL, wanted.vni(), underlay.address(), underlay.port(), mtu, here)));
        }
    }

    private void matchMaster(String where, Links.Link port, Links.Link bridge, Findings findings) throws IOException {
        boolean there = port.master() == bridge.index();
        if (findings.mendsUnless(
                there, where, "interface " + port.name(), "not a port of " + BRIDGE, "a port of " + BRIDGE)) {
            inside.send(Links.master(port.index(), bridge.index()), Links.deafPort(port.index()));
        }
    }

    /// Those elsewhere, with the hosts that they are on.
    private static Map<InetAddress, InetAddress> peers(Overlay wanted, Set<InetAddress> local) {
        Map<InetAddress, InetAddress> peers = new LinkedHashMap<>();
        for (Overlay.Peer peer : wanted.peers()) {
            InetAddress address = InetAddress.ofLiteral(peer.ip());
            if (!local.contains(address)) {
                peers.put(address, InetAddress.ofLiteral(peer.host()));
            }
        }
        return peers;
    }

    private void matchPeers(String where, int tunnel, Map<InetAddress, InetAddress> peers, Findings findings)
            throws IOException {
        Map<String, InetAddress> hostOfMac = new TreeMap<>();
        peers.forEach((address, host) -> hostOfMac.put(macText(address), host));
        change(where, "tunnel entry", forwardChanges(tunnel, hostOfMac), findings);
        change(where, "neighbour", neighbourChanges(tunnel, peers.keySet()), findings);
    }

    /// What is sealed knows its way; the bridge only is to give it there.
    private void matchPorts(String where, int port, Set<InetAddress> peers, Findings findings) throws IOException {
        Set<String> macs = new TreeSet<>();
        peers.forEach(address -> macs.add(macText(address)));
        SortedMap<String, Entry> changes = new TreeMap<>();
        Set<String> there = new HashSet<>();
        Neighbours.forwards(inside).getOrDefault(port, List.of()).forEach(forward -> there.add(forward.mac()));
        portChanges(port, macs, there, changes);
        change(where, "forwarding entry", changes, findings);
    }

    private static void portChanges(int port, Set<String> wanted, Set<String> there, SortedMap<String, Entry> changes) {
        there.stream()
                .filter(mac -> !wanted.contains(mac))
                .forEach(mac -> changes.put(
                        shown(mac) + " added to " + BRIDGE, Entry.gone(Neighbours.removePort(port, macBytes(mac)))));
        wanted.stream()
                .filter(mac -> !there.contains(mac))
                .forEach(mac -> changes.put(
                        shown(mac) + " missing in " + BRIDGE,
                        new Entry(shown(mac) + " in " + BRIDGE, Neighbours.port(port, macBytes(mac)))));
    }

    /// What is to be done about one entry, and what is wanted of it.
    private record Entry(String wanted, NetlinkMessage message) {
        static Entry gone(NetlinkMessage message) {
            return new Entry("none", message);
        }
    }

    private void change(String where, String what, SortedMap<String, Entry> changes, Findings findings)
            throws IOException {
        String found = Findings.summary(List.copyOf(changes.keySet()));
        String asWanted =
                Findings.summary(changes.values().stream().map(Entry::wanted).toList());
        if (findings.mendsUnless(changes.isEmpty(), where, what, found, asWanted)) {
            List<NetlinkMessage> messages =
                    changes.values().stream().map(Entry::message).toList();
            for (int from = 0; from < messages.size(); from += MESSAGES_AT_ONCE) {
                inside.send(messages.subList(from, Math.min(messages.size(), from + MESSAGES_AT_ONCE)));
            }
        }
    }

    /// What is to be done, by what was found.
    private SortedMap<String, Entry> neighbourChanges(int tunnel, Set<InetAddress> addresses) throws IOException {
        SortedMap<String, Entry> changes = new TreeMap<>();
        Map<InetAddress, String> known = new HashMap<>();
        for (Neighbours.Neighbour neighbour : Neighbours.neighbours(inside, tunnel)) {
            InetAddress address = neighbour.address();
            known.put(address, neighbour.mac());
            if (!addresses.contains(address)) {
                changes.put(
                        address.getHostAddress() + " added", Entry.gone(Neighbours.removeNeighbour(tunnel, address)));
            }
        }
        for (InetAddress address : addresses) {
            String mac = known.get(address);
            if (!macText(address).equals(mac)) {
                changes.put(
                        address.getHostAddress() + (mac == null ? " missing" : " at " + shown(mac)),
                        new Entry(
                                address.getHostAddress() + " at " + shown(macText(address)),
                                Neighbours.neighbour(tunnel, address)));
            }
        }
        return changes;
    }

    /// What is to be done, by what was found.
    private SortedMap<String, Entry> forwardChanges(int tunnel, Map<String, InetAddress> hostOfMac) throws IOException {
        Map<String, InetAddress> tunnels = new TreeMap<>();
        Set<String> ports = new HashSet<>();
        for (Neighbours.Forward forward : Neighbours.forwards(inside).getOrDefault(tunnel, List.of())) {
            forward.host().ifPresentOrElse(to -> tunnels.put(forward.mac(), to), () -> ports.add(forward.mac()));
        }
        SortedMap<String, Entry> changes = new TreeMap<>();
        tunnels.keySet().stream()
                .filter(mac -> !hostOfMac.containsKey(mac))
                .forEach(mac ->
                        changes.put(shown(mac) + " added", Entry.gone(Neighbours.removeTunnel(tunnel, macBytes(mac)))));
        portChanges(tunnel, hostOfMac.keySet(), ports, changes);
        hostOfMac.forEach((mac, host) -> {
            InetAddress there = tunnels.get(mac);
            if (!host.equals(there)) {
                String found = there == null ? " missing" : " leads to " + there.getHostAddress();
                changes.put(
                        shown(mac) + found,
                        new Entry(
                                shown(mac) + " leads to " + host.getHostAddress(),
                                Neighbours.tunnel(tunnel, macBytes(mac), host)));
            }
        });
        return changes;
    }

    private static String macText(InetAddress address) {
        return HexFormat.of().formatHex(Links.macOf(address));
    }

    /// As `bridge fdb` prints it.
    private static String shown(String mac) {
        return HexFormat.ofDelimiter(":").formatHex(macBytes(mac));
    }

    private static byte[] macBytes(String mac) {
        return HexFormat.of().parseHex(mac);
    }

    /// Makes cables match; those that cannot be laid are told of.
    void matchCables(List<Cable> cables, List<String> found, Findings findings) throws IOException {
        Optional<Links.Link> bridge = Links.find(inside, BRIDGE);
        if (bridge.isEmpty() || cables.isEmpty()) {
            return;
        }
        Map<String, Links.Link> links = new HashMap<>();
        Links.list(inside).forEach(link -> links.put(link.name(), link));
        Map<Integer, List<Neighbours.Forward>> forwards = Neighbours.forwards(inside);
        for (Cable cable : cables) {
            try {
                Links.Link port = links.get(cable.port());
                if (port == null) {
                    lay(cable, findings);
                } else {
                    matchPort(cable, port, bridge.get(), findings);
                    matchForward(cable, port, forwards, findings);
                }
            } catch (IOException failure) {
                found.add("%s has no interface %s: %s".formatted(cable.owner(), cable.device(), failure.getMessage()));
            }
        }
    }

    private void lay(Cable cable, Findings findings) throws IOException {
        if (findings.mends(cable.owner(), "interface " + cable.device(), MISSING, Findings.PRESENT)) {
            try (OpenDescriptor into = cable.into().open()) {
                connect(cable.port(), cable.device(), cable.address(), into);
            }
        }
    }

    private void matchPort(Cable cable, Links.Link port, Links.Link bridge, Findings findings) throws IOException {
        matchMaster(cable.owner(), port, bridge, findings);
        if (findings.mendsUnless(port.up(), cable.owner(), "interface " + port.name(), "down", Findings.UP)) {
            inside.send(Links.up(port.index()));
        }
        if (findings.mendsUnless(
                mtu == 0 || port.mtu() == mtu,
                cable.owner(),
                "interface " + cable.device(),
                "mtu " + port.mtu(),
                "mtu " + mtu)) {
            resize(cable, port);
        }
    }

    /// Both ends: what one sends, the other and the bridge have to take. It changes when the node's own interface does.
    private void resize(Cable cable, Links.Link port) throws IOException {
        inside.send(Links.mtu(port.index(), mtu));
        try (Netlink far = Netlink.route(cable.into())) {
            Optional<Links.Link> end = Links.find(far, cable.device());
            if (end.isPresent()) {
                far.send(Links.mtu(end.get().index(), mtu));
            }
        }
    }

    private void matchForward(
            Cable cable, Links.Link port, Map<Integer, List<Neighbours.Forward>> forwards, Findings findings)
            throws IOException {
        String mac = macText(cable.address());
        boolean there = forwards.getOrDefault(port.index(), List.of()).stream()
                .anyMatch(forward -> forward.mac().equals(mac));
        String what = "forwarding entry of " + port.name();
        if (findings.mendsUnless(there, cable.owner(), what, shown(mac) + " missing", shown(mac))) {
            inside.send(Neighbours.port(port.index(), macBytes(mac)));
        }
    }

    /// Connects a namespace: a cable from the bridge, whose far end gets the address's MAC.
    ///
    /// @param port the near end's name, at most 15 characters
    void connect(String port, String device, InetAddress address, OpenDescriptor into) throws IOException {
        int bridge = Links.required(inside, BRIDGE).index();
        Links.End far = new Links.End(device, address);
        inside.send(Links.remove(port), Links.cable(port, bridge, mtu, far, into), Links.up(port));
        int index = Links.required(inside, port).index();
        inside.send(Links.deafPort(index), Neighbours.port(index, Links.macOf(address)));
    }

    /// Cuts a cable, and with it the interface at its far end. Safe to repeat.
    void disconnect(String port) throws IOException {
        inside.send(Links.remove(port));
    }

    /// The near ends of all cables.
    List<Links.Link> ports() throws IOException {
        return Links.list(inside).stream()
                .filter(link -> link.index() != LOOPBACK)
                .filter(link -> !link.name().equals(BRIDGE) && !link.name().equals(TUNNEL))
                .toList();
    }

    void disconnect(List<Links.Link> ports) throws IOException {
        inside.send(Links.removeAll(ports.stream().map(Links.Link::index).toList()));
    }

    /// Removes the overlay from this host. Its tunnel goes at once, so that the number can be used again.
    void remove() throws IOException {
        inside.send(Links.removeAll(Links.list(inside).stream()
                .map(Links.Link::index)
                .filter(index -> index != LOOPBACK)
                .toList()));
        close();
        namespace.remove();
    }

    @Override
    public void close() throws IOException {
        try (notices) {
            inside.close();
        }
    }
}
