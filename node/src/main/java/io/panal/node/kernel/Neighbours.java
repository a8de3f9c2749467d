package io.panal.node.kernel;

import java.io.IOException;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Neighbours and forwarding entries: who has which MAC, and behind which port or host it is.
///
/// Source: rtnetlink(7), `linux/neighbour.h`; `bridge fdb` for how the flags combine.
public final class Neighbours {
    private static final int NEW = 28;
    private static final int DELETE = 29;
    private static final int GET = 30;

    private static final int DESTINATION = 1;
    private static final int MAC = 2;
    private static final int HEADER_BYTES = 12;

    private static final int STATE_NO_ARP = 0x40;
    private static final int STATE_PERMANENT = 0x80;
    private static final int FLAG_SELF = 2;
    private static final int FLAG_MASTER = 4;

    private Neighbours() {}

    /// A permanent neighbour: an address and its MAC in lower-case hex without colons.
    public record Neighbour(InetAddress address, String mac) {}

    /// A forwarding entry of a device.
    ///
    /// @param host the VXLAN tunnel's far end; empty for an entry of the bridge that the device is a port of
    public record Forward(String mac, Optional<InetAddress> host) {}

    /// The permanent neighbours of an interface.
    public static List<Neighbour> neighbours(Netlink netlink, int link) throws IOException {
        return dump(netlink, 0).stream()
                .filter(reply -> reply.body().getInt(4) == link)
                .filter(reply -> (reply.body().getShort(8) & STATE_PERMANENT) != 0)
                .flatMap(reply -> {
                    NetlinkReply.Attributes attributes = reply.attributes(HEADER_BYTES);
                    return attributes
                            .bytes(DESTINATION)
                            .map(to -> new Neighbour(Routes.address(to), hex(attributes)))
                            .stream();
                })
                .toList();
    }

    /// The static forwarding entries by interface, its own and those of its bridge.
    public static Map<Integer, List<Forward>> forwards(Netlink netlink) throws IOException {
        return dump(netlink, Links.AF_BRIDGE).stream()
                .collect(Collectors.groupingBy(
                        reply -> reply.body().getInt(4),
                        Collectors.flatMapping(Neighbours::forward, Collectors.toList())));
    }

    private static Stream<Forward> forward(NetlinkReply reply) {
        NetlinkReply.Attributes attributes = reply.attributes(HEADER_BYTES);
        Optional<InetAddress> host = attributes.bytes(DESTINATION).map(Routes::address);
        // A port's own MAC is a permanent entry of the bridge; what was put there by request is not.
        boolean asked = host.isPresent() || (reply.body().getShort(8) & STATE_NO_ARP) != 0;
        return asked ? Stream.of(new Forward(hex(attributes), host)) : Stream.empty();
    }

    private static List<NetlinkReply> dump(Netlink netlink, int family) throws IOException {
        NetlinkMessage request = new NetlinkMessage("list neighbours", GET, 0);
        return netlink.dump(
                request.fixed8(family).fixed8(0).fixed16(0).fixed32(0).fixed32(0));
    }

    /// An ARP or ND answer that never expires.
    public static NetlinkMessage neighbour(int link, InetAddress address) {
        return message(
                        "add neighbour " + address.getHostAddress(),
                        NEW,
                        link,
                        Routes.family(address),
                        STATE_PERMANENT,
                        0)
                .bytes(DESTINATION, address.getAddress())
                .bytes(MAC, Links.macOf(address));
    }

    public static NetlinkMessage removeNeighbour(int link, InetAddress address) {
        return message("remove neighbour", DELETE, link, Routes.family(address), 0, 0)
                .bytes(DESTINATION, address.getAddress())
                .accepting(KernelException.ENOENT);
    }

    /// A MAC that is behind a VXLAN tunnel's far end.
    public static NetlinkMessage tunnel(int vxlan, byte[] mac, InetAddress host) {
        return message("add tunnel entry", NEW, vxlan, Links.AF_BRIDGE, STATE_PERMANENT, FLAG_SELF)
                .bytes(MAC, mac)
                .bytes(DESTINATION, host.getAddress());
    }

    /// A MAC that is behind a bridge's port.
    public static NetlinkMessage port(int port, byte[] mac) {
        return message("add forwarding entry", NEW, port, Links.AF_BRIDGE, STATE_NO_ARP, FLAG_MASTER)
                .bytes(MAC, mac);
    }

    public static NetlinkMessage removeTunnel(int vxlan, byte[] mac) {
        return message("remove tunnel entry", DELETE, vxlan, Links.AF_BRIDGE, 0, FLAG_SELF)
                .bytes(MAC, mac)
                .accepting(KernelException.ENOENT);
    }

    public static NetlinkMessage removePort(int port, byte[] mac) {
        return message("remove forwarding entry", DELETE, port, Links.AF_BRIDGE, 0, FLAG_MASTER)
                .bytes(MAC, mac)
                .accepting(KernelException.ENOENT);
    }

    private static NetlinkMessage message(String what, int type, int link, int family, int state, int flags) {
        NetlinkMessage message = new NetlinkMessage(what, type, type == NEW ? Links.CREATE | Links.REPLACE : 0);
        return message.fixed8(family)
                .fixed8(0)
                .fixed16(0)
                .fixed32(link)
                .fixed16(state)
                .fixed8(flags)
                .fixed8(0);
    }

    private static String hex(NetlinkReply.Attributes attributes) {
        return attributes.bytes(MAC).map(HexFormat.of()::formatHex).orElse("");
    }
}
