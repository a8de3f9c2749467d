package io.panal.node.kernel;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Network interfaces by rtnetlink: requests to make, change and remove them, and what there is.
///
/// Source: rtnetlink(7), `linux/if_link.h`.
public final class Links {
    static final int AF_BRIDGE = 7;
    static final int CREATE = 0x400;
    static final int EXCLUSIVE = 0x200;
    static final int REPLACE = 0x100;

    private static final int NEW = 16;
    private static final int DELETE = 17;
    private static final int GET = 18;
    private static final int SET = 19;

    private static final int ADDRESS = 1;
    private static final int NAME = 3;
    private static final int MTU = 4;
    private static final int MASTER = 10;
    private static final int PROTINFO = 12;
    private static final int LINK_INFO = 18;
    private static final int ALIAS = 20;
    private static final int GROUP = 27;
    private static final int DOOMED = 0x70616e;
    private static final int PER_FAMILY = 26;
    private static final int AF_INET6 = 10;
    private static final int ADDRESS_MODE = 8;
    private static final int NO_ADDRESS = 1;
    private static final int NAMESPACE = 28;
    private static final int DETAILS = 29;
    private static final int WITHOUT_COUNTERS = 8;
    private static final int INFO_KIND = 1;
    private static final int INFO_DATA = 2;
    private static final int VETH_PEER = 1;

    private static final int BRIDGE_AGEING = 4;
    private static final int BRIDGE_STP = 5;
    private static final int BRIDGE_SNOOPING = 23;

    private static final int VXLAN_ID = 1;
    private static final int VXLAN_LOCAL = 4;
    private static final int VXLAN_LEARNING = 7;
    private static final int VXLAN_PROXY = 11;
    private static final int VXLAN_PORT = 15;
    private static final int VXLAN_LOCAL6 = 17;

    private static final int PORT_HAIRPIN = 4;
    private static final int PORT_LEARNING = 8;
    private static final int PORT_FLOOD = 9;
    private static final int PORT_ISOLATED = 33;

    private static final int FLAG_UP = 1;
    private static final int HEADER_BYTES = 16;

    private Links() {}

    /// An interface that is there.
    ///
    /// @param master index of the bridge it is a port of, 0 for none
    /// @param alias free text that someone marked it with, often empty
    public record Link(int index, String name, int mtu, boolean up, int master, String alias) {}

    /// One end of a virtual cable.
    ///
    /// @param address its MAC is [#macOf] this
    public record End(String name, InetAddress address) {}

    /// All interfaces of the socket's namespace, in the kernel's order.
    public static List<Link> list(Netlink netlink) throws IOException {
        NetlinkMessage request = new NetlinkMessage("list links", GET, 0);
        header(request, 0, 0, 0).number32(DETAILS, WITHOUT_COUNTERS);
        return netlink.dump(request).stream().map(Links::read).toList();
    }

    /// The interface of that name.
    public static Optional<Link> find(Netlink netlink, String name) throws IOException {
        NetlinkMessage request = new NetlinkMessage("find link " + name, GET, 0);
        header(request, 0, 0, 0)
                .text(NAME, name)
                .number32(DETAILS, WITHOUT_COUNTERS)
                .accepting(KernelException.ENODEV);
        return netlink.ask(request).stream().map(Links::read).findFirst();
    }

    /// The interface of that name, which must be there.
    public static Link required(Netlink netlink, String name) throws IOException {
        return find(netlink, name).orElseThrow(() -> new KernelException("find link " + name, KernelException.ENODEV));
    }

    private static Link read(NetlinkReply reply) {
        NetlinkReply.Attributes attributes = reply.attributes(HEADER_BYTES);
        return new Link(
                reply.body().getInt(4),
                attributes.text(NAME).orElse(""),
                attributes.number32(MTU).orElse(0),
                (reply.body().getInt(8) & FLAG_UP) != 0,
                attributes.number32(MASTER).orElse(0),
                attributes.text(ALIAS).orElse(""));
    }

    /// A bridge, up, that learns and floods as its ports say, without spanning tree and without ageing.
    public static NetlinkMessage bridge(String name, int mtu) {
        NetlinkMessage message = new NetlinkMessage("make bridge " + name, NEW, CREATE | EXCLUSIVE);
        header(message, 0, 0, FLAG_UP).text(NAME, name).number32(MTU, mtu);
        return message.nested(
                LINK_INFO,
                info -> info.text(INFO_KIND, "bridge")
                        .nested(
                                INFO_DATA,
                                data -> data.number32(BRIDGE_STP, 0)
                                        .number32(BRIDGE_AGEING, 0)
                                        .number8(BRIDGE_SNOOPING, 0)));
    }

    /// A bridge, up, that learns like any switch.
    public static NetlinkMessage learningBridge(String name, byte[] mac) {
        NetlinkMessage message = new NetlinkMessage("make bridge " + name, NEW, CREATE | EXCLUSIVE);
        header(message, 0, 0, FLAG_UP).text(NAME, name).bytes(ADDRESS, mac);
        return message.nested(
                LINK_INFO,
                info -> info.text(INFO_KIND, "bridge").nested(INFO_DATA, data -> data.number8(BRIDGE_SNOOPING, 0)));
    }

    /// What a VXLAN device is told at birth.
    ///
    /// @param vni 1 to 16,777,215
    /// @param local the address that its UDP socket speaks from, in the namespace where the request is sent
    /// @param into the namespace that gets the device; the UDP socket stays behind
    public record Vxlan(String name, int vni, InetAddress local, int port, int mtu, OpenDescriptor into) {}

    /// A VXLAN device that learns nothing, floods nothing and answers ARP and ND from its neighbour table.
    public static NetlinkMessage vxlan(Vxlan wanted) {
        NetlinkMessage message = new NetlinkMessage("make VXLAN " + wanted.vni(), NEW, CREATE | EXCLUSIVE);
        header(message, 0, 0, 0)
                .text(NAME, wanted.name())
                .number32(MTU, wanted.mtu())
                .number32(NAMESPACE, wanted.into().number());
        int local = wanted.local() instanceof Inet4Address ? VXLAN_LOCAL : VXLAN_LOCAL6;
        return message.nested(
                LINK_INFO,
                info -> info.text(INFO_KIND, "vxlan")
                        .nested(
                                INFO_DATA,
                                data -> data.number32(VXLAN_ID, wanted.vni())
                                        .bytes(local, wanted.local().getAddress())
                                        .number8(VXLAN_LEARNING, 0)
                                        .number8(VXLAN_PROXY, 1)
                                        .big16(VXLAN_PORT, wanted.port())));
    }

    /// A virtual cable: the near end a port of a bridge here, the far end in another namespace, both down.
    ///
    /// @param master index of the bridge
    public static NetlinkMessage cable(String near, int master, int mtu, End far, OpenDescriptor into) {
        NetlinkMessage message = new NetlinkMessage("make veth " + near, NEW, CREATE | EXCLUSIVE);
        header(message, 0, 0, 0).text(NAME, near).number32(MTU, mtu).number32(MASTER, master);
        return message.nested(
                LINK_INFO,
                info -> info.text(INFO_KIND, "veth")
                        .nested(
                                INFO_DATA,
                                data -> data.nested(
                                        VETH_PEER,
                                        peer -> header(peer, 0, 0, 0)
                                                .text(NAME, far.name())
                                                .bytes(ADDRESS, macOf(far.address()))
                                                .number32(MTU, mtu)
                                                .number32(NAMESPACE, into.number()))));
    }

    public static NetlinkMessage up(int index) {
        return header(new NetlinkMessage("set link up", NEW, 0), 0, index, FLAG_UP);
    }

    public static NetlinkMessage up(String name) {
        return header(new NetlinkMessage("set link up " + name, NEW, 0), 0, 0, FLAG_UP)
                .text(NAME, name);
    }

    /// Keeps a link that is still down from giving itself an IPv6 address, and from telling its neighbours of it.
    public static NetlinkMessage withoutOwnAddress(String name) {
        NetlinkMessage message = new NetlinkMessage("set no own address on " + name, SET, 0);
        // A host that began without IPv6 has nothing to keep it from.
        return header(message, 0, 0, 0)
                .text(NAME, name)
                .nested(PER_FAMILY, families -> families.nested(AF_INET6, own -> own.number8(ADDRESS_MODE, NO_ADDRESS)))
                .accepting(KernelException.EAFNOSUPPORT);
    }

    public static NetlinkMessage mtu(int index, int bytes) {
        return header(new NetlinkMessage("set mtu " + bytes, NEW, 0), 0, index, 0)
                .number32(MTU, bytes);
    }

    public static NetlinkMessage master(int index, int bridge) {
        return header(new NetlinkMessage("put link into bridge", NEW, 0), 0, index, 0)
                .number32(MASTER, bridge);
    }

    /// Marks a link with text of ours, by which it is known as ours later.
    public static NetlinkMessage alias(int index, String text) {
        return header(new NetlinkMessage("mark link", NEW, 0), 0, index, 0).text(ALIAS, text);
    }

    /// A bridge port that neither learns nor gets frames for strangers.
    public static NetlinkMessage deafPort(int index) {
        NetlinkMessage message = new NetlinkMessage("set bridge port", SET, 0);
        return header(message, AF_BRIDGE, index, 0)
                .nested(PROTINFO, port -> port.number8(PORT_LEARNING, 0).number8(PORT_FLOOD, 0));
    }

    /// A bridge port that reaches the bridge itself and no other such port.
    public static NetlinkMessage isolatedPort(int index) {
        return port("isolate bridge port", index, PORT_ISOLATED);
    }

    /// A bridge port that gets its own frames back, when a translation on the way turned them round.
    public static NetlinkMessage reflectingPort(int index) {
        return port("make bridge port reflect", index, PORT_HAIRPIN);
    }

    private static NetlinkMessage port(String what, int index, int attribute) {
        return header(new NetlinkMessage(what, SET, 0), AF_BRIDGE, index, 0)
                .nested(PROTINFO, port -> port.number8(attribute, 1));
    }

    /// Absent is as good as removed.
    public static NetlinkMessage remove(String name) {
        NetlinkMessage message = new NetlinkMessage("remove link " + name, DELETE, 0);
        return header(message, 0, 0, 0).text(NAME, name).accepting(KernelException.ENODEV);
    }

    /// Removes links together: the kernel waits a tenth of a second for each removal, but only once for a group.
    public static List<NetlinkMessage> removeAll(List<Integer> indexes) {
        List<NetlinkMessage> messages = new ArrayList<>();
        for (int index : indexes) {
            messages.add(header(new NetlinkMessage("group links", NEW, 0), 0, index, 0)
                    .number32(GROUP, DOOMED)
                    .accepting(KernelException.ENODEV));
        }
        if (!indexes.isEmpty()) {
            messages.add(header(new NetlinkMessage("remove links", DELETE, 0), 0, 0, 0)
                    .number32(GROUP, DOOMED)
                    .accepting(KernelException.ENODEV));
        }
        return messages;
    }

    /// `02:42:` and the four bytes of an IPv4 address; of an IPv6 address the last four.
    public static byte[] macOf(InetAddress address) {
        byte[] bytes = address.getAddress();
        ByteBuffer mac = ByteBuffer.allocate(6).put((byte) 2).put((byte) 0x42);
        return mac.put(bytes, bytes.length - 4, 4).array();
    }

    private static NetlinkMessage header(NetlinkMessage message, int family, int index, int flags) {
        return message.fixed8(family)
                .fixed8(0)
                .fixed16(0)
                .fixed32(index)
                .fixed32(flags)
                .fixed32(flags);
    }
}
