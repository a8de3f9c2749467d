package io.panal.node.dataplane;

import static io.panal.node.kernel.Expression.FIRST;
import static io.panal.node.kernel.Expression.SECOND;
import static io.panal.node.kernel.Expression.all;
import static io.panal.node.kernel.Expression.host32;
import static io.panal.node.kernel.Expression.isFamily;
import static io.panal.node.kernel.Expression.one;
import static io.panal.node.kernel.Expression.port;

import io.panal.node.kernel.Expression;
import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.Nftables;
import io.panal.node.kernel.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The host's table `inet panal`: published ports, the tasks' way outside, and the guards of both.
///
/// Rules are fixed; a published port is an element of maps. A new daemon replaces the whole table in one transaction,
/// which no packet sees and no connection notices, since each is translated once, when it begins.
final class HostTable {
    static final String INGRESS = "ingress0";
    static final String GATEWAY = "docker_gwbridge";
    private static final String TABLE = "panal";
    static final TableCheck.Table WHOLE = new TableCheck.Table(Nftables.Family.INET, TABLE);
    static final String BOUND = "bound4";

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
    /// @param inside the networks of this host
    record Entry(InetAddress address, Inside inside) {}

    /// The networks that containers are on in this host's own namespace.
    ///
    /// @param gateway the gateway bridge's subnet, if it is made
    record Inside(Optional<Cidr> gateway, List<Bridge> bridges) {
        Inside {
            bridges = List.copyOf(bridges);
        }

        boolean isEmpty() {
            return gateway.isEmpty() && bridges.isEmpty();
        }

        /// Of all bridges, the gateway bridge among them.
        List<String> devices() {
            return Stream.concat(
                            gateway.map(_ -> GATEWAY).stream(), bridges.stream().map(Bridge::device))
                    .toList();
        }

        /// Of IPv4.
        List<Cidr> subnets() {
            return Stream.concat(
                            gateway.stream(),
                            bridges.stream()
                                    .flatMap(bridge -> bridge.gateways().stream())
                                    .filter(own -> !own.isIpv6()))
                    .toList();
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
            HostRules.lay(change.anew(), wantedEntry);
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

    /// Whether there is nothing to be removed.
    boolean isAbsent() {
        return entry.isEmpty();
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
}
