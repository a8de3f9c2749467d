package io.panal.node.dataplane;

import static io.panal.node.kernel.Expression.FIRST;
import static io.panal.node.kernel.Expression.SECOND;
import static io.panal.node.kernel.Expression.all;
import static io.panal.node.kernel.Expression.host32;
import static io.panal.node.kernel.Expression.isFamily;
import static io.panal.node.kernel.Expression.isProtocol;
import static io.panal.node.kernel.Expression.one;
import static io.panal.node.kernel.Expression.port;

import io.panal.node.kernel.Expression;
import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.Nftables;
import io.panal.node.kernel.Protocol;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// The table `inet panal_services` of one task: virtual addresses, spread over their tasks where a connection begins.
///
/// Answers come straight back from the task that was chosen, so that nothing but this namespace knows of the
/// translation. Rules are fixed; a service is an element of maps.
final class ServiceTable {
    private static final String TABLE = "panal_services";
    static final TableCheck.Table WHOLE = new TableCheck.Table(Nftables.Family.INET, TABLE);
    static final TableCheck.Table NAMES = new TableCheck.Table(Nftables.Family.IPV4, "panal_names");

    private final Netlink netlink;
    private final long seed;
    private final Set<String> chains = new HashSet<>();
    private Map<InetAddress, List<InetAddress>> held = Map.of();
    private boolean laid;
    private boolean adopted;

    /// @param seed differs from task to task: every new one begins with another backend
    /// @param adopted whether an older table may be there
    ServiceTable(Netlink netlink, long seed, boolean adopted) {
        this.adopted = adopted;
        this.netlink = netlink;
        this.seed = seed;
    }

    /// What differs between the two families of addresses.
    private record Kind(String digit, int number, int offset, int bytes, Nftables.Type type) {
        static final Kind IPV4 = new Kind("4", Expression.FAMILY_IPV4, 16, 4, Nftables.Type.ADDRESS4);
        static final Kind IPV6 = new Kind("6", Expression.FAMILY_IPV6, 24, 16, Nftables.Type.ADDRESS6);

        static Kind of(InetAddress address) {
            return address instanceof Inet4Address ? IPV4 : IPV6;
        }

        /// Loads the destination; what follows it in a key goes to [#next].
        Expression destination() {
            return Expression.load(Expression.Base.NETWORK, offset, bytes, FIRST);
        }

        int next() {
            return FIRST + bytes / 4;
        }
    }

    /// Makes the table match in one transaction.
    ///
    /// @param wanted tasks by virtual address; none refuses at once; not to be changed afterwards
    void match(Map<InetAddress, List<InetAddress>> wanted) throws IOException {
        if (!laid && !adopted && wanted.isEmpty()) {
            return;
        }
        Nftables change = new Nftables(Nftables.Family.INET, TABLE);
        Set<String> made = new HashSet<>(chains);
        if (!laid) {
            lay(change.anew());
            made.clear();
        }
        held.forEach((address, old) -> {
            if (!old.equals(wanted.get(address))) {
                withdraw(change, address, old.size());
            }
        });
        wanted.forEach((address, now) -> {
            if (!now.equals(held.get(address))) {
                offer(change, address, now, made);
            }
        });
        boolean whole = false;
        try {
            change.commit(netlink);
            whole = true;
        } finally {
            // After a failure the next match begins from nothing.
            laid = whole;
            adopted = true;
            chains.clear();
            chains.addAll(made);
            held = whole ? wanted : Map.of();
        }
    }

    /// How the kernel's table differs from what was written last.
    Optional<String> difference(TableCheck check) throws IOException {
        Map<InetAddress, List<InetAddress>> services = held;
        return laid
                ? check.difference(netlink, WHOLE, passing -> new ServiceTable(passing, seed, true).match(services))
                : Optional.empty();
    }

    /// The next match writes the whole table.
    void forget() {
        laid = false;
        adopted = true;
        held = Map.of();
    }

    /// Whether the task's namespace translates any virtual address.
    boolean isLaid() {
        return laid;
    }

    private static void withdraw(Nftables change, InetAddress address, int backends) {
        Kind kind = Kind.of(address);
        if (backends == 0) {
            change.remove("empty" + kind.digit(), List.of(address.getAddress()));
            return;
        }
        change.remove("service" + kind.digit(), List.of(address.getAddress()));
        List<byte[]> slots = new ArrayList<>();
        for (int slot = 0; slot < backends; slot++) {
            slots.add(Nftables.joined(address.getAddress(), host32(slot)));
        }
        change.remove("backend" + kind.digit(), slots);
    }

    private void offer(Nftables change, InetAddress address, List<InetAddress> backends, Set<String> made) {
        Kind kind = Kind.of(address);
        if (backends.isEmpty()) {
            change.add("empty" + kind.digit(), List.of(Nftables.Element.of(address.getAddress())));
            return;
        }
        String chain = "of_" + backends.size() + "_" + kind.digit();
        if (made.add(chain)) {
            change.chain(chain);
            // A packet that races with a commit can miss its slot: slot 0 always exists.
            change.rule(chain, balance(kind, backends.size()));
            change.rule(chain, balance(kind, 1));
        }
        List<InetAddress> shuffled = new ArrayList<>(backends);
        Collections.shuffle(shuffled, new Random(seed));
        List<Nftables.Element> slots = new ArrayList<>();
        for (int slot = 0; slot < shuffled.size(); slot++) {
            slots.add(new Nftables.Element(
                    Nftables.joined(address.getAddress(), host32(slot)),
                    shuffled.get(slot).getAddress()));
        }
        change.add("backend" + kind.digit(), slots);
        change.goTo("service" + kind.digit(), address.getAddress(), chain);
    }

    private static Expression[] balance(Kind kind, int backends) {
        return one(
                kind.destination(),
                Expression.nextNumber(backends, kind.next()),
                Expression.lookUp("backend" + kind.digit(), FIRST, FIRST),
                Expression.newDestination(kind.number(), FIRST));
    }

    private static void lay(Nftables table) {
        table.chain("connecting", "nat", Nftables.Hook.OUTPUT, -100);
        table.chain("refusing", "filter", Nftables.Hook.OUTPUT, 0);
        for (Kind kind : List.of(Kind.IPV4, Kind.IPV6)) {
            String digit = kind.digit();
            table.set("empty" + digit, kind.type());
            table.verdictMap("service" + digit, kind.type());
            table.map("backend" + digit, List.of(kind.type(), Nftables.Type.SLOT), List.of(kind.type()));
            Expression[] destination = all(isFamily(kind.number()), one(kind.destination()));
            table.rule("connecting", all(destination, one(Expression.dispatch("service" + digit, FIRST))));
            Expression[] empty = all(destination, one(Expression.contained("empty" + digit, FIRST)));
            table.rule("refusing", all(empty, isProtocol(Protocol.TCP), one(Expression.resetConnection())));
            table.rule("refusing", all(empty, one(Expression.hostUnreachable())));
        }
    }

    /// Sends questions for 127.0.0.11 to a resolver's sockets.
    static void redirectNames(Netlink netlink, Resolver.Sockets sockets) throws IOException {
        Nftables table = new Nftables(NAMES.family(), NAMES.name()).anew();
        table.chain("asking", "nat", Nftables.Hook.OUTPUT, -101);
        byte[] resolver = {127, 0, 0, 11};
        for (Protocol protocol : Protocol.values()) {
            int to = switch (protocol) {
                case TCP -> sockets.tcpPort();
                case UDP -> sockets.udpPort();
            };
            table.rule(
                    "asking",
                    all(
                            one(
                                    Expression.load(Expression.Base.NETWORK, 16, 4, FIRST),
                                    Expression.equal(FIRST, resolver)),
                            isProtocol(protocol),
                            one(
                                    Expression.load(Expression.Base.TRANSPORT, 2, 2, FIRST),
                                    Expression.equal(FIRST, port(53)),
                                    Expression.load(resolver, FIRST),
                                    Expression.load(port(to), SECOND),
                                    Expression.newDestination(Expression.FAMILY_IPV4, FIRST, SECOND))));
        }
        table.commit(netlink);
    }
}
