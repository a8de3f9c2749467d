package io.panal.node.dataplane;

import io.panal.node.kernel.KernelException;
import io.panal.node.kernel.Links;
import io.panal.node.kernel.Neighbours;
import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.NetlinkMessage;
import io.panal.node.kernel.NetworkNamespace;
import io.panal.node.kernel.OpenDescriptor;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// One overlay on this host: a namespace of its own with a bridge and a VXLAN port.
///
/// The host's firewall and routes never see a bridged frame. Nothing is learned or flooded: each remote endpoint has a
/// tunnel entry, a bridge entry and an ARP or ND answer, all of them derived from its address.
final class OverlayBridge implements Closeable {
    private static final String BRIDGE = "br0";
    private static final String TUNNEL = "vx0";
    private static final int LOOPBACK = 1;
    private static final int MESSAGES_AT_ONCE = 300;

    private final NetworkNamespace namespace;
    private final Netlink inside;
    private int mtu;

    private OverlayBridge(NetworkNamespace namespace, Netlink inside) {
        this.namespace = namespace;
        this.inside = inside;
    }

    /// What the tunnel speaks from.
    ///
    /// @param mtu of the device that holds the address, in bytes
    record Underlay(InetAddress address, int port, int mtu) {}

    /// The overlay whose namespace is kept at `path`, which is made if it is not there.
    static OverlayBridge at(Path path) throws IOException {
        NetworkNamespace namespace = new NetworkNamespace(path);
        if (Files.exists(path)) {
            try {
                return new OverlayBridge(namespace, Netlink.route(namespace));
            } catch (KernelException notMounted) {
                namespace.remove();
            }
        }
        Netlink inside = NetworkNamespace.create(path, () -> {
            Settings.writeHere(List.of(
                    // Its ports carry frames and have no address of their own.
                    new Settings.Setting("ipv6/conf/default/addr_gen_mode", "1"),
                    new Settings.Setting("bridge/bridge-nf-call-iptables", "0"),
                    new Settings.Setting("bridge/bridge-nf-call-ip6tables", "0")));
            return Netlink.routeHere();
        });
        return new OverlayBridge(namespace, inside);
    }

    /// Bytes that the overlay carries, once it has been made to match.
    int mtu() {
        return mtu;
    }

    /// Makes bridge, tunnel and remote endpoints match.
    ///
    /// @param host a socket in the host's namespace, where the tunnel's UDP socket stays
    /// @param local addresses that are on this node, whatever the peers say
    void match(Overlay wanted, Underlay underlay, Netlink host, Set<InetAddress> local) throws IOException {
        int header = underlay.address().getAddress().length == 4 ? 50 : 70;
        mtu = wanted.mtu() > 0 ? wanted.mtu() : underlay.mtu() - header;
        if (Links.find(inside, BRIDGE).isEmpty()) {
            inside.send(Links.bridge(BRIDGE, mtu), Links.up(LOOPBACK));
        }
        Links.Link bridge = Links.required(inside, BRIDGE);
        if (bridge.mtu() != mtu) {
            inside.send(Links.mtu(bridge.index(), mtu));
        }
        int tunnel = matchTunnel(wanted.vni(), underlay, host, bridge);
        matchPeers(tunnel, wanted.peers(), local);
    }

    private int matchTunnel(int vni, Underlay underlay, Netlink host, Links.Link bridge) throws IOException {
        String mark = "panal %d %s %d".formatted(vni, underlay.address().getHostAddress(), underlay.port());
        boolean other = Links.find(inside, TUNNEL)
                .filter(link -> !link.alias().equals(mark))
                .isPresent();
        if (other) {
            inside.send(Links.remove(TUNNEL));
        }
        if (Links.find(inside, TUNNEL).isEmpty()) {
            try (OpenDescriptor here = namespace.open()) {
                host.send(Links.vxlan(new Links.Vxlan(TUNNEL, vni, underlay.address(), underlay.port(), mtu, here)));
            }
            int index = Links.required(inside, TUNNEL).index();
            inside.send(
                    Links.master(index, bridge.index()),
                    Links.deafPort(index),
                    Links.alias(index, mark),
                    Links.up(index));
        }
        Links.Link tunnel = Links.required(inside, TUNNEL);
        if (tunnel.mtu() != mtu) {
            inside.send(Links.mtu(tunnel.index(), mtu));
        }
        return tunnel.index();
    }

    private void matchPeers(int tunnel, List<Overlay.Peer> peers, Set<InetAddress> local) throws IOException {
        Map<String, InetAddress> hostOfMac = new TreeMap<>();
        Set<InetAddress> addresses = new HashSet<>();
        for (Overlay.Peer peer : peers) {
            InetAddress address = InetAddress.ofLiteral(peer.ip());
            if (!local.contains(address)) {
                addresses.add(address);
                hostOfMac.put(HexFormat.of().formatHex(Links.macOf(address)), InetAddress.ofLiteral(peer.host()));
            }
        }
        List<NetlinkMessage> changes = new ArrayList<>();
        matchForwards(tunnel, hostOfMac, changes);
        Set<InetAddress> known = new HashSet<>();
        for (Neighbours.Neighbour neighbour : Neighbours.neighbours(inside, tunnel)) {
            known.add(neighbour.address());
            if (!addresses.contains(neighbour.address())) {
                changes.add(Neighbours.removeNeighbour(tunnel, neighbour.address()));
            }
        }
        addresses.stream()
                .filter(address -> !known.contains(address))
                .forEach(address -> changes.add(Neighbours.neighbour(tunnel, address)));
        for (int from = 0; from < changes.size(); from += MESSAGES_AT_ONCE) {
            inside.send(changes.subList(from, Math.min(changes.size(), from + MESSAGES_AT_ONCE)));
        }
    }

    private void matchForwards(int tunnel, Map<String, InetAddress> hostOfMac, List<NetlinkMessage> changes)
            throws IOException {
        Map<String, InetAddress> tunnels = new TreeMap<>();
        Set<String> ports = new HashSet<>();
        for (Neighbours.Forward forward : Neighbours.forwards(inside, tunnel)) {
            forward.host().ifPresentOrElse(to -> tunnels.put(forward.mac(), to), () -> ports.add(forward.mac()));
        }
        tunnels.forEach((mac, host) -> {
            if (!hostOfMac.containsKey(mac)) {
                changes.add(Neighbours.removeTunnel(tunnel, HexFormat.of().parseHex(mac)));
            }
        });
        ports.stream()
                .filter(mac -> !hostOfMac.containsKey(mac))
                .forEach(mac ->
                        changes.add(Neighbours.removePort(tunnel, HexFormat.of().parseHex(mac))));
        hostOfMac.forEach((mac, host) -> {
            byte[] bytes = HexFormat.of().parseHex(mac);
            if (!host.equals(tunnels.get(mac))) {
                changes.add(Neighbours.tunnel(tunnel, bytes, host));
            }
            if (!ports.contains(mac)) {
                changes.add(Neighbours.port(tunnel, bytes));
            }
        });
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
        inside.close();
    }
}
