package io.panal.node.dataplane;

import static io.panal.node.kernel.Expression.FIRST;
import static io.panal.node.kernel.Expression.SECOND;
import static io.panal.node.kernel.Expression.THIRD;
import static io.panal.node.kernel.Expression.all;
import static io.panal.node.kernel.Expression.hasBits;
import static io.panal.node.kernel.Expression.incoming;
import static io.panal.node.kernel.Expression.isFamily;
import static io.panal.node.kernel.Expression.one;
import static io.panal.node.kernel.Expression.outgoing;
import static io.panal.node.kernel.Expression.toThisHost;

import io.panal.node.kernel.Expression;
import io.panal.node.kernel.Nftables;
import io.panal.node.kernel.Protocol;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;

/// The fixed rules of the host's table, around the maps of published ports.
final class HostRules {
    private HostRules() {}

    /// Sets, maps and chains of a table that has none.
    static void lay(Nftables table, HostTable.Entry entry) {
        table.verdictMap("published", Nftables.Type.PROTOCOL, Nftables.Type.PORT);
        table.set("closed", Nftables.Type.PROTOCOL, Nftables.Type.PORT);
        table.map(
                HostTable.BOUND,
                List.of(Nftables.Type.ADDRESS4, Nftables.Type.PROTOCOL, Nftables.Type.PORT),
                List.of(Nftables.Type.ADDRESS4, Nftables.Type.PORT));
        for (Protocol protocol : Protocol.values()) {
            table.map(
                    protocol.word() + "4",
                    List.of(Nftables.Type.PORT, Nftables.Type.SLOT),
                    List.of(Nftables.Type.ADDRESS4, Nftables.Type.PORT));
        }
        layPublishing(table);
        layMeshSource(table, entry);
        layWayOutside(table, entry.inside().bridges());
        layGuards(table, entry.inside().bridges());
    }

    private static void layPublishing(Nftables table) {
        Expression[] portKey = one(
                Expression.load(Expression.Meta.PROTOCOL, FIRST),
                Expression.load(Expression.Base.TRANSPORT, 2, 2, SECOND));
        Expression[] publish = all(
                isFamily(Expression.FAMILY_IPV4), toThisHost(), portKey, one(Expression.dispatch("published", FIRST)));
        Expression[] publishOnOne = all(
                isFamily(Expression.FAMILY_IPV4),
                toThisHost(),
                one(
                        Expression.load(Expression.Base.NETWORK, 16, 4, FIRST),
                        Expression.load(Expression.Meta.PROTOCOL, SECOND),
                        Expression.load(Expression.Base.TRANSPORT, 2, 2, THIRD),
                        Expression.lookUp(HostTable.BOUND, FIRST, FIRST),
                        Expression.newDestination(Expression.FAMILY_IPV4, FIRST, SECOND)));
        table.chain("arriving", "nat", Nftables.Hook.PREROUTING, -100)
                .rule("arriving", publishOnOne)
                .rule("arriving", publish);
        table.chain("own", "nat", Nftables.Hook.OUTPUT, -100)
                .rule("own", publishOnOne)
                .rule("own", publish);

        table.chain("refuse", "filter", Nftables.Hook.INPUT, 0);
        Expression[] closed = all(portKey, one(Expression.contained("closed", FIRST)));
        table.rule("refuse", all(closed, Expression.isProtocol(Protocol.TCP), one(Expression.resetConnection())));
        table.rule("refuse", all(closed, one(Expression.portUnreachable())));
    }

    /// Where connections to tasks come from: the client's address and port stay, and a task keeps apart what comes
    /// through different nodes.
    private static void layMeshSource(Nftables table, HostTable.Entry entry) {
        layOwnSenders(table, entry);
        table.chain("entering", "nat", Nftables.Hook.POSTROUTING, 95);
        table.rule(
                "entering",
                all(
                        hasBits(Expression.Connection.STATUS, Expression.STATUS_DESTINATION_CHANGED, false),
                        one(Expression.accept())));
        List<Expression[]> ownSenders = new ArrayList<>(List.of(fromLoopback(), incoming(true, HostTable.INGRESS)));
        entry.inside().subnets().forEach(subnet -> ownSenders.add(fromSubnet(subnet)));
        for (Expression[] sender : ownSenders) {
            table.rule("entering", all(sender, one(Expression.goTo("own_senders"))));
        }
    }

    /// Containers of this host and its own programs are seen as this host: their addresses mean nothing elsewhere.
    private static void layOwnSenders(Nftables table, HostTable.Entry entry) {
        table.chain("own_senders");
        for (String device : entry.inside().devices()) {
            table.rule("own_senders", all(outgoing(true, device), one(Expression.masquerade())));
        }
        Expression[] asThisNode = entry.address() instanceof Inet4Address
                ? one(
                        Expression.load(entry.address().getAddress(), FIRST),
                        Expression.newSource(Expression.FAMILY_IPV4, FIRST))
                : one(Expression.masquerade());
        table.rule("own_senders", all(outgoing(true, HostTable.INGRESS), asThisNode));
    }

    private static void layWayOutside(Nftables table, List<Bridge> bridges) {
        table.chain("leaving", "nat", Nftables.Hook.POSTROUTING, 100);
        for (String device : List.of(HostTable.GATEWAY, HostTable.INGRESS)) {
            table.rule(
                    "leaving",
                    all(
                            incoming(true, device),
                            outgoing(false, HostTable.GATEWAY),
                            outgoing(false, HostTable.INGRESS),
                            one(Expression.masquerade())));
        }
        for (Bridge bridge : bridges) {
            if (bridge.traffic().masquerade() && !bridge.traffic().internal()) {
                table.rule(
                        "leaving",
                        all(
                                incoming(true, bridge.device()),
                                outgoing(false, bridge.device()),
                                one(Expression.masquerade())));
            }
        }
    }

    private static void layGuards(Nftables table, List<Bridge> bridges) {
        table.chain("loopback", "filter", Nftables.Hook.PREROUTING, -300);
        // The setting route_localnet, which the mesh needs, must not open 127.0.0.0/8 to the neighbours.
        table.rule("loopback", all(incoming(false, "lo"), loopbackAddress(16), one(Expression.drop())));

        table.chain("forwarded", "filter", Nftables.Hook.FORWARD, 0);
        table.rule(
                "forwarded",
                all(
                        outgoing(true, HostTable.INGRESS),
                        Expression.isProtocol(Protocol.TCP),
                        Expression.clampSegments()));
        table.rule(
                "forwarded",
                all(
                        incoming(true, HostTable.INGRESS),
                        hasBits(Expression.Connection.STATE, Expression.STATE_INVALID, true),
                        one(Expression.drop())));
        // Only published ports lead inside.
        for (String device : List.of(HostTable.INGRESS, HostTable.GATEWAY)) {
            table.rule("forwarded", all(outgoing(true, device), dropUnpublished()));
        }
        for (Bridge bridge : bridges) {
            layGuard(table, bridge);
        }
    }

    private static void layGuard(Nftables table, Bridge bridge) {
        Expression[] in = all(incoming(false, bridge.device()), outgoing(true, bridge.device()));
        if (bridge.traffic().internal()) {
            table.rule("forwarded", all(in, one(Expression.drop())));
            table.rule(
                    "forwarded",
                    all(incoming(true, bridge.device()), outgoing(false, bridge.device()), one(Expression.drop())));
        }
        // With br_netfilter what goes from port to port is seen here too.
        table.rule(
                "forwarded",
                all(bridge.traffic().amongThemselves() ? in : outgoing(true, bridge.device()), dropUnpublished()));
    }

    private static Expression[] dropUnpublished() {
        return all(
                hasBits(Expression.Connection.STATUS, Expression.STATUS_DESTINATION_CHANGED, false),
                hasBits(Expression.Connection.STATE, Expression.STATE_NEW, true),
                one(Expression.drop()));
    }

    private static Expression[] fromLoopback() {
        return loopbackAddress(12);
    }

    /// By address, not by interface: with br_netfilter a packet between two ports of the bridge has no incoming one.
    private static Expression[] fromSubnet(Cidr subnet) {
        return all(
                isFamily(Expression.FAMILY_IPV4),
                one(
                        Expression.load(Expression.Base.NETWORK, 12, 4, FIRST),
                        Expression.and(FIRST, subnet.mask()),
                        Expression.equal(FIRST, subnet.network().address().getAddress())));
    }

    private static Expression[] loopbackAddress(int offset) {
        return all(
                isFamily(Expression.FAMILY_IPV4),
                one(Expression.load(Expression.Base.NETWORK, offset, 1, FIRST), Expression.equal(FIRST, new byte[] {127
                })));
    }
}
