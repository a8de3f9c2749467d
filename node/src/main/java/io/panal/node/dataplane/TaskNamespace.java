package io.panal.node.dataplane;

import static io.panal.node.kernel.Expression.FIRST;
import static io.panal.node.kernel.Expression.all;
import static io.panal.node.kernel.Expression.hasBits;
import static io.panal.node.kernel.Expression.host32;
import static io.panal.node.kernel.Expression.incoming;
import static io.panal.node.kernel.Expression.one;

import io.panal.node.kernel.Expression;
import io.panal.node.kernel.Links;
import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.NetlinkMessage;
import io.panal.node.kernel.NetworkNamespace;
import io.panal.node.kernel.Nftables;
import io.panal.node.kernel.Notices;
import io.panal.node.kernel.OpenDescriptor;
import io.panal.node.kernel.Routes;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A task's network namespace, as seen from inside.
final class TaskNamespace implements Closeable {
    private static final int LOOPBACK = 1;
    private static final int MARKED_TABLE = 100;
    private static final int MANGLE = -150;
    private static final int RAW = -300;
    private static final int SOURCE = 100;
    static final String INGRESS_DEVICE = "eth0";

    private static final TableCheck.Table MARKS = new TableCheck.Table(Nftables.Family.INET, "panal_mesh");

    private final NetworkNamespace namespace;
    private final Netlink netfilter;
    private final Resolver.Sockets names;
    private final Notices notices;
    private final TableWatch tables;
    private final Set<InetAddress> entriesHeld = new HashSet<>();
    private boolean linksTouched;

    /// @param adopted whether it was there before this daemon
    private TaskNamespace(NetworkNamespace namespace, Sockets sockets, boolean adopted) throws IOException {
        this.namespace = namespace;
        this.netfilter = sockets.netfilter();
        this.names = sockets.names();
        this.notices = sockets.notices();
        linksTouched = adopted;
        tables = new TableWatch(netfilter, adopted);
    }

    /// How packets leave for elsewhere.
    ///
    /// @param hops one of each family at most
    /// @param marked whether it leads over the ingress network, whose entry nodes leave a mark on connections
    /// @param answers for those marks
    record WayOut(List<TaskPlan.Hop> hops, boolean marked, AnswerPath answers) {}

    private record Sockets(Netlink route, Netlink netfilter, Notices notices, Resolver.Sockets names) {
        static Sockets openHere() throws IOException {
            Netlink route = Netlink.routeHere();
            // Before: a socket bound to 127.0.0.11 while `lo` is down would answer from another address.
            route.send(Links.up(LOOPBACK));
            return new Sockets(route, Netlink.netfilterHere(), Notices.ofLinksHere(), Resolver.Sockets.openHere());
        }
    }

    /// A new namespace, wired and ready.
    static TaskNamespace make(Path path, TaskPlan plan, Wiring wiring, Optional<WayOut> wayOut) throws IOException {
        Sockets sockets = NetworkNamespace.create(path, () -> {
            Settings.writeHere(List.of(
                    ipv6(plan),
                    new Settings.Setting("ipv6/conf/default/accept_dad", "0"),
                    new Settings.Setting("ipv6/conf/all/accept_dad", "0"),
                    new Settings.Setting("ipv4/ip_unprivileged_port_start", "0"),
                    new Settings.Setting("ipv4/ping_group_range", "0 2147483647")));
            return Sockets.openHere();
        });
        TaskNamespace made = new TaskNamespace(new NetworkNamespace(path), sockets, false);
        try (Netlink route = sockets.route();
                OpenDescriptor here = made.namespace.open()) {
            wiring.connect(here);
            configure(route, plan, wayOut);
            ServiceTable.redirectNames(made.netfilter, made.names);
            if (wayOut.filter(WayOut::marked).isPresent()) {
                layMarks(made.netfilter);
            }
            if (wayOut.filter(way -> way.marked() && way.answers() == AnswerPath.HOOK)
                    .isPresent()) {
                AnswerPath.layHook(made.netfilter, INGRESS_DEVICE);
            }
            made.notices.any();
            return made;
        } catch (IOException | RuntimeException failure) {
            made.remove();
            throw failure;
        }
    }

    /// Puts the far ends of the task's cables into its namespace.
    @FunctionalInterface
    interface Wiring {
        void connect(OpenDescriptor namespace) throws IOException;
    }

    /// The namespace of a task that was there before this daemon.
    static TaskNamespace adopt(Path path) throws IOException {
        NetworkNamespace namespace = new NetworkNamespace(path);
        Sockets sockets = namespace.enter(Sockets::openHere);
        sockets.route().close();
        TaskNamespace adopted = new TaskNamespace(namespace, sockets, true);
        ServiceTable.redirectNames(adopted.netfilter, adopted.names);
        return adopted;
    }

    /// Puts further cables into the namespace of a task that lives; what is there already stays as it is.
    void rewire(TaskPlan plan, Wiring wiring, Optional<WayOut> wayOut) throws IOException {
        try (Netlink route = Netlink.route(namespace);
                OpenDescriptor here = namespace.open()) {
            namespace.enter(() -> {
                Settings.writeHere(List.of(ipv6(plan)));
                return plan;
            });
            wiring.connect(here);
            configure(route, plan, wayOut);
        }
    }

    /// Docker, too, gives a task no IPv6 that none of its networks has.
    private static Settings.Setting ipv6(TaskPlan plan) {
        return new Settings.Setting("ipv6/conf/default/disable_ipv6", plan.isIpv4Only() ? "1" : "0");
    }

    /// Where its questions for names arrive.
    Resolver.Sockets names() {
        return names;
    }

    NetworkNamespace namespace() {
        return namespace;
    }

    /// For the tables and connections inside.
    Netlink netfilter() {
        return netfilter;
    }

    private static void configure(Netlink route, TaskPlan plan, Optional<WayOut> wayOut) throws IOException {
        List<NetlinkMessage> messages = new ArrayList<>();
        for (TaskPlan.Wire wire : plan.wires()) {
            int index = Links.required(route, wire.device()).index();
            messages.add(Links.up(index));
            wire.addresses().forEach(own -> messages.add(Routes.address(index, own.address(), own.prefix())));
            wire.reach()
                    .forEach(subnet -> messages.add(
                            Routes.connected(index, wire.address().address(), subnet.address(), subnet.prefix())));
        }
        if (plan.outside().isPresent()) {
            Cidr outside = plan.outside().get();
            int index = Links.required(route, plan.outsideDevice()).index();
            messages.add(Links.up(index));
            messages.add(Routes.address(index, outside.address(), outside.prefix()));
        }
        if (wayOut.isPresent()) {
            WayOut way = wayOut.get();
            for (TaskPlan.Hop hop : way.hops()) {
                int index = Links.required(route, hop.device()).index();
                messages.add(Routes.defaultRoute(hop.gateway(), index));
                if (way.marked()) {
                    messages.add(Routes.defaultRoute(hop.gateway(), index, MARKED_TABLE));
                    messages.add(Routes.markedLookUp(false, MARKED_TABLE));
                }
            }
        }
        route.send(messages);
    }

    /// Whether something in here was changed, by anybody, since it was made to match last.
    boolean isTouched() throws IOException {
        linksTouched |= notices.any();
        boolean changed = tables.isTouched();
        return linksTouched || changed;
    }

    /// Makes interfaces and tables match, but for those of services.
    ///
    /// A task's program may have the right to change its own routes: they are ours only after a loss.
    ///
    /// @return whether the tables were compared, so that those of services are to be compared too
    boolean match(TaskPlan plan, Optional<WayOut> wayOut, Findings findings) throws IOException {
        boolean touched = isTouched() || findings.isThorough();
        if (!touched) {
            return false;
        }
        matchLinks(plan, wayOut, findings);
        matchTable(plan, ServiceTable.NAMES, netlink -> ServiceTable.redirectNames(netlink, names), findings);
        if (wayOut.filter(WayOut::marked).isPresent()) {
            matchTable(plan, MARKS, TaskNamespace::layMarks, findings);
        }
        if (wayOut.filter(way -> way.marked() && way.answers() == AnswerPath.HOOK)
                .isPresent()) {
            matchTable(plan, AnswerPath.WHOLE, netlink -> AnswerPath.layHook(netlink, INGRESS_DEVICE), findings);
        }
        if (findings.isMending()) {
            linksTouched = notices.any();
            tables.looked();
        }
        return true;
    }

    private void matchTable(TaskPlan plan, TableCheck.Table table, TableCheck.Writer writer, Findings findings)
            throws IOException {
        Optional<String> difference = findings.tables().difference(netfilter, table, writer);
        if (difference.isPresent()
                && findings.mends(plan.owner(), table.shown(), difference.get(), TableCheck.AS_WRITTEN)) {
            writer.write(netfilter);
        }
    }

    private void matchLinks(TaskPlan plan, Optional<WayOut> wayOut, Findings findings) throws IOException {
        try (Netlink route = Netlink.route(namespace)) {
            List<Routes.Held> held = Routes.addresses(route);
            boolean mends = false;
            boolean whole = true;
            for (Map.Entry<String, List<Cidr>> device : devices(plan).entrySet()) {
                Optional<Links.Link> link = Links.find(route, device.getKey());
                Optional<String> wrong = link.flatMap(there -> wrong(there, device.getValue(), held));
                whole &= link.isPresent();
                if (wrong.isPresent()) {
                    mends |= findings.mends(
                            plan.owner(), "interface " + device.getKey(), wrong.get(), shown(device.getValue()));
                }
            }
            if (mends && whole) {
                configure(route, plan, wayOut);
                entriesHeld.clear();
            }
        }
    }

    private static String shown(List<Cidr> addresses) {
        return "up with " + addresses.stream().map(Cidr::toString).collect(Collectors.joining(", "));
    }

    private static Optional<String> wrong(Links.Link link, List<Cidr> addresses, List<Routes.Held> held) {
        if (!link.up()) {
            return Optional.of("down");
        }
        return addresses.stream()
                .filter(address -> held.stream()
                        .noneMatch(each ->
                                each.link() == link.index() && each.address().equals(address.address())))
                .map(address -> "without address " + address)
                .findFirst();
    }

    private static Map<String, List<Cidr>> devices(TaskPlan plan) {
        Map<String, List<Cidr>> devices = new LinkedHashMap<>();
        plan.wires().forEach(wire -> devices.put(wire.device(), wire.addresses()));
        plan.outside().ifPresent(outside -> devices.put(plan.outsideDevice(), List.of(outside)));
        return devices;
    }

    /// Answers go back through the node that the connection came through: its MAC's last four bytes, which are its
    /// ingress address, are kept with the connection and mark the answers.
    private static void layMarks(Netlink netfilter) throws IOException {
        Nftables remember = new Nftables(MARKS.family(), MARKS.name()).anew();
        layZones(remember);
        remember.chain("arriving", "filter", Nftables.Hook.PREROUTING, MANGLE);
        remember.rule(
                "arriving",
                all(
                        incoming(true, INGRESS_DEVICE),
                        hasBits(Expression.Connection.STATE, Expression.STATE_NEW, true),
                        one(
                                Expression.load(Expression.Base.LINK, 8, 4, FIRST),
                                Expression.store(Expression.Connection.MARK, FIRST))));
        remember.chain("answering", "route", Nftables.Hook.OUTPUT, MANGLE);
        remember.rule(
                "answering",
                Expression.load(Expression.Connection.DIRECTION, FIRST),
                Expression.equal(FIRST, new byte[] {1}),
                Expression.load(Expression.Connection.MARK, FIRST),
                Expression.notEqual(FIRST, host32(0)),
                Expression.store(Expression.Meta.MARK, FIRST));
        remember.commit(netfilter);
    }

    /// One client may use one port through two nodes, which would look the same here. Each node is a zone of
    /// its own, by the last two bytes of its MAC. A connection whose answers would look like another's gets
    /// another port on its way in: a `nat` chain does that by itself, without a rule.
    private static void layZones(Nftables table) {
        table.chain("telling_apart", "filter", Nftables.Hook.PREROUTING, RAW);
        table.rule(
                "telling_apart",
                all(
                        incoming(true, INGRESS_DEVICE),
                        one(Expression.load(Expression.Base.LINK, 10, 2, FIRST), Expression.beginInZone(FIRST))));
        table.chain("keeping_apart", "nat", Nftables.Hook.INPUT, SOURCE);
    }

    /// Makes the routes of [AnswerPath#ROUTES] match: one for each node, in a table that has the mark's number.
    ///
    /// @param entries ingress addresses of all nodes; of other endpoints does no harm
    void matchEntries(Set<InetAddress> entries) throws IOException {
        Set<InetAddress> gone = new HashSet<>(entriesHeld);
        gone.removeAll(entries);
        Set<InetAddress> fresh = new HashSet<>(entries);
        fresh.removeAll(entriesHeld);
        if (gone.isEmpty() && fresh.isEmpty()) {
            return;
        }
        try (Netlink route = Netlink.route(namespace)) {
            int index = Links.required(route, INGRESS_DEVICE).index();
            for (InetAddress entry : fresh) {
                int mark = markOf(entry);
                route.send(Routes.defaultRoute(entry, index, mark), Routes.lookUp(false, mark, mark));
            }
            for (InetAddress entry : gone) {
                route.send(Routes.removeLookUp(false, markOf(entry), markOf(entry)));
            }
        }
        entriesHeld.addAll(fresh);
        entriesHeld.removeAll(gone);
    }

    /// The four bytes of the address, as the kernel's number.
    private static int markOf(InetAddress entry) {
        return ByteBuffer.wrap(entry.getAddress())
                .order(ByteOrder.nativeOrder())
                .getInt();
    }

    /// Lets the namespace go; its cables are to be cut by whoever laid them.
    void remove() throws IOException {
        close();
        namespace.remove();
    }

    @Override
    public void close() throws IOException {
        try (names;
                notices) {
            netfilter.close();
        }
    }
}
