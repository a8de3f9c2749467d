package io.panal.node.dataplane;

import static io.panal.node.kernel.Expression.FIRST;
import static io.panal.node.kernel.Expression.SECOND;
import static io.panal.node.kernel.Expression.THIRD;
import static io.panal.node.kernel.Expression.all;
import static io.panal.node.kernel.Expression.hasBits;
import static io.panal.node.kernel.Expression.host32;
import static io.panal.node.kernel.Expression.incoming;
import static io.panal.node.kernel.Expression.isFamily;
import static io.panal.node.kernel.Expression.one;
import static io.panal.node.kernel.Expression.outgoing;
import static io.panal.node.kernel.Expression.port;
import static io.panal.node.kernel.Expression.toThisHost;

import io.panal.node.kernel.Expression;
import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.Nftables;
import io.panal.node.kernel.Protocol;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The host's table `inet panal`: published ports, the tasks' way outside, and the guards of both.
///
/// Rules are fixed; a published port is an element of maps. A new daemon replaces the whole table in one transaction,
/// which no packet sees and no connection notices, since each is translated once, when it begins.
final class HostTable {
    static final String INGRESS = "ingress0";
    static final String GATEWAY = "docker_gwbridge";
    private static final String TABLE = "panal";
    static final TableCheck.Table WHOLE = new TableCheck.Table(Nftables.Family.INET, TABLE);
    private static final String BOUND = "bound4";
    private static final int LOWEST_PORT = 1024;
    private static final int LAST_PORT = 65_535;

    private final Netlink netlink;
    private final Set<String> chains = new HashSet<>();
    private Map<HostPortKey, List<Target>> held = new TreeMap<>();
    private Optional<Entry> entry = Optional.empty();

    HostTable(Netlink netlink) {
        this.netlink = netlink;
    }

    /// A task's address and port.
    record Target(InetAddress address, int port) {}

    /// How this node appears to tasks as an entry to the mesh.
    ///
    /// @param address given to clients on this node itself
    /// @param slice which of `slices` equal parts of the ports 1024 to 65535 connections come from
    /// @param gateway the gateway bridge's subnet
    record Entry(InetAddress address, int slice, int slices, Cidr gateway) {
        int low() {
            return LOWEST_PORT + slice * size();
        }

        int high() {
            return low() + size() - 1;
        }

        private int size() {
            return (LAST_PORT + 1 - LOWEST_PORT) / slices;
        }
    }

    /// Makes the table match in one transaction.
    ///
    /// @param ports what each port leads to; an empty list refuses
    void match(Entry wantedEntry, Map<HostPortKey, List<Target>> ports) throws IOException {
        Nftables change = new Nftables(Nftables.Family.INET, TABLE);
        Set<String> madeChains = new HashSet<>();
        Map<HostPortKey, List<Target>> before = held;
        boolean anew = !entry.equals(Optional.of(wantedEntry));
        if (anew) {
            lay(change.anew(), wantedEntry);
            before = new TreeMap<>();
        } else {
            madeChains.addAll(chains);
        }
        Set<HostPortKey> keys = new TreeSet<>(before.keySet());
        keys.addAll(ports.keySet());
        for (HostPortKey key : keys) {
            List<Target> old = before.get(key);
            List<Target> now = ports.get(key);
            if (old != null && !old.equals(now)) {
                withdraw(change, key, old);
            }
            if (now != null && !now.equals(old)) {
                publish(change, key, now, madeChains);
            }
        }
        entry = Optional.empty();
        change.commit(netlink);
        entry = Optional.of(wantedEntry);
        held = new TreeMap<>(ports);
        chains.clear();
        chains.addAll(madeChains);
    }

    /// How the kernel's table differs from what was written last.
    Optional<String> difference(TableCheck check) throws IOException {
        Optional<Entry> written = entry;
        Map<HostPortKey, List<Target>> ports = held;
        return written.isEmpty()
                ? Optional.empty()
                : check.difference(netlink, WHOLE, passing -> new HostTable(passing).match(written.get(), ports));
    }

    /// The next match writes the whole table.
    void forget() {
        entry = Optional.empty();
    }

    void remove() throws IOException {
        new Nftables(Nftables.Family.INET, TABLE).removed().commit(netlink);
        entry = Optional.empty();
        held = new TreeMap<>();
        chains.clear();
    }

    private static void withdraw(Nftables change, HostPortKey key, List<Target> old) {
        if (key.isOfOneAddress()) {
            change.remove(BOUND, List.of(key.asKey()));
            return;
        }
        if (old.isEmpty()) {
            change.remove("closed", List.of(key.asKey()));
            return;
        }
        change.remove("published", List.of(key.asKey()));
        List<byte[]> slots = new ArrayList<>();
        for (int slot = 0; slot < old.size(); slot++) {
            slots.add(slotKey(key, slot));
        }
        change.remove(key.protocol().word() + "4", slots);
    }

    private static void publish(Nftables change, HostPortKey key, List<Target> targets, Set<String> chains) {
        if (key.isOfOneAddress()) {
            // Of one task alone: there is nothing to balance.
            Target only = targets.getFirst();
            change.add(
                    BOUND,
                    List.of(new Nftables.Element(
                            key.asKey(), Nftables.joined(only.address().getAddress(), port(only.port())))));
            return;
        }
        if (targets.isEmpty()) {
            change.add("closed", List.of(Nftables.Element.of(key.asKey())));
            return;
        }
        String chain = key.protocol().word() + "_" + targets.size();
        if (chains.add(chain)) {
            change.chain(chain);
            // A packet that races with a commit can miss its slot: slot 0 always exists.
            change.rule(chain, balance(key.protocol(), targets.size()));
            change.rule(chain, balance(key.protocol(), 1));
        }
        List<Nftables.Element> slots = new ArrayList<>();
        for (int slot = 0; slot < targets.size(); slot++) {
            Target target = targets.get(slot);
            slots.add(new Nftables.Element(
                    slotKey(key, slot), Nftables.joined(target.address().getAddress(), port(target.port()))));
        }
        change.add(key.protocol().word() + "4", slots);
        change.goTo("published", key.asKey(), chain);
    }

    private static byte[] slotKey(HostPortKey key, int slot) {
        return Nftables.joined(port(key.port()), host32(slot));
    }

    private static Expression[] balance(Protocol protocol, int backends) {
        return all(
                isFamily(Expression.FAMILY_IPV4),
                one(
                        Expression.load(Expression.Base.TRANSPORT, 2, 2, FIRST),
                        Expression.nextNumber(backends, SECOND),
                        Expression.lookUp(protocol.word() + "4", FIRST, FIRST),
                        Expression.newDestination(Expression.FAMILY_IPV4, FIRST, SECOND)));
    }

    private static void lay(Nftables table, Entry entry) {
        table.verdictMap("published", Nftables.Type.PROTOCOL, Nftables.Type.PORT);
        table.set("closed", Nftables.Type.PROTOCOL, Nftables.Type.PORT);
        table.map(
                BOUND,
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
        layWayOutside(table);
        layGuards(table);
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
                        Expression.lookUp(BOUND, FIRST, FIRST),
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

    /// Where connections to tasks come from: the client's address stays, the port moves into this node's slice, so that
    /// one client going through two nodes cannot show a task the same pair twice.
    private static void layMeshSource(Nftables table, Entry entry) {
        table.chain("entering", "nat", Nftables.Hook.POSTROUTING, 95);
        table.rule(
                "entering",
                all(
                        hasBits(Expression.Connection.STATUS, Expression.STATUS_DESTINATION_CHANGED, false),
                        one(Expression.accept())));
        List<Expression[]> ownSenders = List.of(fromLoopback(), fromSubnet(entry.gateway()), incoming(true, INGRESS));
        for (Expression[] sender : ownSenders) {
            table.rule("entering", all(outgoing(true, GATEWAY), sender, one(Expression.masquerade())));
        }
        table.rule("entering", all(outgoing(false, INGRESS), one(Expression.accept())));
        Expression[] slice =
                one(Expression.load(port(entry.low()), SECOND), Expression.load(port(entry.high()), THIRD));
        Expression[] asThisNode = entry.address() instanceof Inet4Address
                ? all(
                        one(Expression.load(entry.address().getAddress(), FIRST)),
                        slice,
                        one(Expression.newSource(Expression.FAMILY_IPV4, FIRST, SECOND, THIRD)))
                : one(Expression.masquerade());
        // Containers' addresses behind the gateway bridge are the same on every node.
        for (Expression[] sender : ownSenders) {
            table.rule("entering", all(sender, asThisNode));
        }
        for (Protocol protocol : Protocol.values()) {
            table.rule(
                    "entering",
                    all(Expression.isProtocol(protocol), slice, one(Expression.newSourcePort(SECOND, THIRD))));
        }
    }

    private static void layWayOutside(Nftables table) {
        table.chain("leaving", "nat", Nftables.Hook.POSTROUTING, 100);
        for (String device : List.of(GATEWAY, INGRESS)) {
            table.rule(
                    "leaving",
                    all(
                            incoming(true, device),
                            outgoing(false, GATEWAY),
                            outgoing(false, INGRESS),
                            one(Expression.masquerade())));
        }
    }

    private static void layGuards(Nftables table) {
        table.chain("loopback", "filter", Nftables.Hook.PREROUTING, -300);
        // The setting route_localnet, which the mesh needs, must not open 127.0.0.0/8 to the neighbours.
        table.rule("loopback", all(incoming(false, "lo"), loopbackAddress(16), one(Expression.drop())));

        table.chain("forwarded", "filter", Nftables.Hook.FORWARD, 0);
        table.rule(
                "forwarded",
                all(outgoing(true, INGRESS), Expression.isProtocol(Protocol.TCP), Expression.clampSegments()));
        table.rule(
                "forwarded",
                all(
                        incoming(true, INGRESS),
                        hasBits(Expression.Connection.STATE, Expression.STATE_INVALID, true),
                        one(Expression.drop())));
        // Only published ports lead inside.
        for (String device : List.of(INGRESS, GATEWAY)) {
            table.rule(
                    "forwarded",
                    all(
                            outgoing(true, device),
                            hasBits(Expression.Connection.STATUS, Expression.STATUS_DESTINATION_CHANGED, false),
                            hasBits(Expression.Connection.STATE, Expression.STATE_NEW, true),
                            one(Expression.drop())));
        }
    }

    private static Expression[] fromLoopback() {
        return loopbackAddress(12);
    }

    /// By address, not by interface: with br_netfilter a packet between two ports of the bridge has no incoming one.
    private static Expression[] fromSubnet(Cidr subnet) {
        byte[] mask = new byte[4];
        for (int bit = 0; bit < subnet.prefix(); bit++) {
            mask[bit / 8] |= (byte) (0x80 >> bit % 8);
        }
        byte[] network = subnet.address().getAddress();
        for (int i = 0; i < mask.length; i++) {
            network[i] &= mask[i];
        }
        return all(
                isFamily(Expression.FAMILY_IPV4),
                one(
                        Expression.load(Expression.Base.NETWORK, 12, 4, FIRST),
                        Expression.and(FIRST, mask),
                        Expression.equal(FIRST, network)));
    }

    private static Expression[] loopbackAddress(int offset) {
        return all(
                isFamily(Expression.FAMILY_IPV4),
                one(Expression.load(Expression.Base.NETWORK, offset, 1, FIRST), Expression.equal(FIRST, new byte[] {127
                })));
    }
}
