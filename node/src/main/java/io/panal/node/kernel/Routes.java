package io.panal.node.kernel;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// Addresses, routes and routing rules by rtnetlink.
///
/// Source: rtnetlink(7), `linux/rtnetlink.h`, `linux/fib_rules.h`.
public final class Routes {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    private static final int NEW_ADDRESS = 20;
    private static final int DELETE_ADDRESS = 21;
    private static final int GET_ADDRESS = 22;
    private static final int NEW_ROUTE = 24;
    private static final int GET_ROUTE = 26;
    private static final int NEW_RULE = 32;
    private static final int DELETE_RULE = 33;

    private static final int ADDRESS_ADDRESS = 1;
    private static final int ADDRESS_LOCAL = 2;
    private static final int ADDRESS_BROADCAST = 4;
    private static final int ADDRESS_FLAGS = 8;
    private static final int NO_DUPLICATE_DETECTION = 2;

    private static final int ROUTE_DESTINATION = 1;
    private static final int ROUTE_LINK = 4;
    private static final int ROUTE_GATEWAY = 5;
    private static final int ROUTE_SOURCE = 7;
    private static final int ROUTE_TABLE = 15;
    private static final int TABLE_MAIN = 254;
    private static final int PROTOCOL_KERNEL = 2;
    private static final int PROTOCOL_STATIC = 4;
    private static final int SCOPE_LINK = 253;
    private static final int TYPE_UNICAST = 1;

    private static final int RULE_MARK = 10;
    private static final int RULE_TABLE = 15;
    private static final int RULE_MASK = 16;
    private static final int RULE_INVERT = 2;
    private static final int ACTION_TO_TABLE = 1;

    private Routes() {}

    /// An address of an interface.
    ///
    /// @param prefix 0 to 32, or 128
    public record Held(int link, InetAddress address, int prefix) {}

    /// A destination of the main table; the default route's has prefix 0.
    public record Destination(int link, Optional<InetAddress> network, int prefix) {}

    /// All addresses of the socket's namespace.
    public static List<Held> addresses(Netlink netlink) throws IOException {
        NetlinkMessage request = new NetlinkMessage("list addresses", GET_ADDRESS, 0);
        request.fixed8(0).fixed8(0).fixed8(0).fixed8(0).fixed32(0);
        return netlink.dump(request).stream()
                .flatMap(reply -> {
                    NetlinkReply.Attributes attributes = reply.attributes(8);
                    return attributes
                            .bytes(ADDRESS_LOCAL)
                            .or(() -> attributes.bytes(ADDRESS_ADDRESS))
                            .map(bytes -> new Held(
                                    reply.body().getInt(4),
                                    address(bytes),
                                    reply.body().get(1)))
                            .stream();
                })
                .toList();
    }

    /// Puts an address on an interface; there already is fine.
    public static NetlinkMessage address(int link, InetAddress address, int prefix) {
        NetlinkMessage message = new NetlinkMessage(
                "add address " + address.getHostAddress(), NEW_ADDRESS, Links.CREATE | Links.REPLACE);
        fixedAddress(message, link, address, prefix);
        if (address instanceof Inet4Address && prefix < 31) {
            byte[] broadcast = address.getAddress();
            for (int bit = prefix; bit < 32; bit++) {
                broadcast[bit / 8] |= (byte) (0x80 >> bit % 8);
            }
            message.bytes(ADDRESS_BROADCAST, broadcast);
        }
        return message.number32(ADDRESS_FLAGS, NO_DUPLICATE_DETECTION);
    }

    /// Takes an address off an interface; absent is fine.
    public static NetlinkMessage removeAddress(Held held) {
        NetlinkMessage message =
                new NetlinkMessage("remove address " + held.address().getHostAddress(), DELETE_ADDRESS, 0);
        fixedAddress(message, held.link(), held.address(), held.prefix());
        return message.accepting(KernelException.EADDRNOTAVAIL);
    }

    private static void fixedAddress(NetlinkMessage message, int link, InetAddress address, int prefix) {
        message.fixed8(family(address)).fixed8(prefix).fixed8(0).fixed8(0).fixed32(link);
        message.bytes(ADDRESS_LOCAL, address.getAddress()).bytes(ADDRESS_ADDRESS, address.getAddress());
    }

    /// The IPv4 destinations of the main table.
    public static List<Destination> destinations(Netlink netlink) throws IOException {
        NetlinkMessage request = new NetlinkMessage("list routes", GET_ROUTE, 0);
        fixedRoute(request, AF_INET, 0, 0);
        return netlink.dump(request).stream()
                .filter(reply -> Byte.toUnsignedInt(reply.body().get(4)) == TABLE_MAIN)
                .map(reply -> {
                    NetlinkReply.Attributes attributes = reply.attributes(12);
                    return new Destination(
                            attributes.number32(ROUTE_LINK).orElse(0),
                            attributes.bytes(ROUTE_DESTINATION).map(Routes::address),
                            reply.body().get(1));
                })
                .toList();
    }

    /// The route to the network of an interface's own address, as the kernel lays it with the address.
    public static NetlinkMessage connected(int link, InetAddress own, InetAddress network, int prefix) {
        NetlinkMessage message = new NetlinkMessage(
                "add route to " + network.getHostAddress() + "/" + prefix, NEW_ROUTE, Links.CREATE | Links.REPLACE);
        message.fixed8(family(own)).fixed8(prefix).fixed8(0).fixed8(0);
        message.fixed8(TABLE_MAIN).fixed8(PROTOCOL_KERNEL).fixed8(SCOPE_LINK).fixed8(TYPE_UNICAST);
        return message.fixed32(0)
                .bytes(ROUTE_DESTINATION, network.getAddress())
                .number32(ROUTE_LINK, link)
                .bytes(ROUTE_SOURCE, own.getAddress());
    }

    /// The default route of the main table; another one is replaced.
    public static NetlinkMessage defaultRoute(InetAddress gateway, int link) {
        return defaultRoute(gateway, link, TABLE_MAIN);
    }

    /// The default route of a table.
    public static NetlinkMessage defaultRoute(InetAddress gateway, int link, int table) {
        NetlinkMessage message = new NetlinkMessage(
                "add default route via " + gateway.getHostAddress(), NEW_ROUTE, Links.CREATE | Links.REPLACE);
        fixedRoute(message, family(gateway), table, TYPE_UNICAST);
        return message.bytes(ROUTE_GATEWAY, gateway.getAddress())
                .number32(ROUTE_LINK, link)
                .number32(ROUTE_TABLE, table);
    }

    /// A table's number goes into an attribute when it does not fit the fixed part.
    private static int shortTable(int table) {
        return table >= 0 && table <= 255 ? table : 0;
    }

    private static void fixedRoute(NetlinkMessage message, int family, int table, int type) {
        message.fixed8(family).fixed8(0).fixed8(0).fixed8(0);
        message.fixed8(shortTable(table)).fixed8(PROTOCOL_STATIC).fixed8(0).fixed8(type);
        message.fixed32(0);
    }

    /// Packets of a family with any mark but 0 look into a table first.
    public static NetlinkMessage markedLookUp(boolean ipv6, int table) {
        return rule("add rule for marked packets", ipv6, RULE_INVERT, table)
                .number32(RULE_MARK, 0)
                .number32(RULE_MASK, -1)
                .number32(RULE_TABLE, table);
    }

    /// Packets with one mark look into a table first.
    public static NetlinkMessage lookUp(boolean ipv6, int mark, int table) {
        return rule("add rule for a mark", ipv6, 0, table)
                .number32(RULE_MARK, mark)
                .number32(RULE_MASK, -1)
                .number32(RULE_TABLE, table);
    }

    /// Takes back [#lookUp]; absent is fine.
    public static NetlinkMessage removeLookUp(boolean ipv6, int mark, int table) {
        NetlinkMessage message = new NetlinkMessage("remove rule for a mark", DELETE_RULE, 0);
        fixedRule(message, ipv6, 0, table);
        return message.number32(RULE_MARK, mark)
                .number32(RULE_MASK, -1)
                .number32(RULE_TABLE, table)
                .accepting(KernelException.ENOENT);
    }

    private static NetlinkMessage rule(String what, boolean ipv6, int flags, int table) {
        NetlinkMessage message = new NetlinkMessage(what, NEW_RULE, Links.CREATE | Links.EXCLUSIVE);
        return fixedRule(message, ipv6, flags, table).accepting(KernelException.EEXIST);
    }

    private static NetlinkMessage fixedRule(NetlinkMessage message, boolean ipv6, int flags, int table) {
        message.fixed8(ipv6 ? AF_INET6 : AF_INET).fixed8(0).fixed8(0).fixed8(0);
        message.fixed8(shortTable(table)).fixed8(0).fixed8(0).fixed8(ACTION_TO_TABLE);
        return message.fixed32(flags);
    }

    static int family(InetAddress address) {
        return address instanceof Inet4Address ? AF_INET : AF_INET6;
    }

    static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (java.net.UnknownHostException wrongLength) {
            throw new IllegalStateException("the kernel gave an address of " + bytes.length + " bytes", wrongLength);
        }
    }
}
