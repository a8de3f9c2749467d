package io.panal.node.kernel;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The kernel's table of connections, to forget those that lead to a dead address.
///
/// Source: `linux/netfilter/nfnetlink_conntrack.h`.
public final class Conntrack {
    private static final int SUBSYSTEM = 1 << 8;
    private static final int GET = 1;
    private static final int DELETE = 2;

    private static final int REPLY = 2;
    private static final int TUPLE_IP = 1;
    private static final int IPV4_SOURCE = 1;
    private static final int IPV6_SOURCE = 3;
    private static final int NESTED = 0x8000;

    private Conntrack() {}

    /// Forgets all connections that one of the addresses answers. A packet that follows is a new connection's.
    ///
    /// @return how many were forgotten
    public static int forget(Netlink netlink, Set<InetAddress> answering) throws IOException {
        List<NetlinkMessage> removals = removals(netlink, answering);
        netlink.send(removals);
        return removals.size();
    }

    /// What forgets the connections that one of the addresses answers now, and no others, whenever it is sent.
    ///
    /// Each is named by its answers: a client that uses its port again meanwhile has a connection that begins
    /// the same and leads elsewhere.
    public static List<NetlinkMessage> removals(Netlink netlink, Set<InetAddress> answering) throws IOException {
        List<NetlinkMessage> removals = new ArrayList<>();
        if (answering.isEmpty()) {
            return removals;
        }
        NetlinkMessage request = new NetlinkMessage("list connections", SUBSYSTEM | GET, 0);
        request.fixed8(0).fixed8(0).fixed16(0);
        for (NetlinkReply reply : netlink.dump(request)) {
            NetlinkReply.Attributes attributes = reply.attributes(4);
            if (source(attributes).filter(answering::contains).isPresent()) {
                attributes
                        .bytes(REPLY)
                        .ifPresent(tuple -> removals.add(removal(reply.body().get(0), tuple)));
            }
        }
        return removals;
    }

    private static NetlinkMessage removal(int family, byte[] answers) {
        NetlinkMessage message = new NetlinkMessage("forget connection", SUBSYSTEM | DELETE, 0);
        message.fixed8(family).fixed8(0).fixed16(0);
        return message.bytes(REPLY | NESTED, answers).accepting(KernelException.ENOENT);
    }

    private static Optional<InetAddress> source(NetlinkReply.Attributes connection) {
        return connection
                .nested(REPLY)
                .flatMap(tuple -> tuple.nested(TUPLE_IP))
                .flatMap(ip -> ip.bytes(IPV4_SOURCE).or(() -> ip.bytes(IPV6_SOURCE)))
                .map(bytes -> Routes.address(ByteBuffer.wrap(bytes).array()));
    }
}
