package io.panal.node.dataplane;

import io.panal.node.kernel.Conntrack;
import io.panal.node.kernel.Links;
import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.NetworkNamespace;
import io.panal.node.kernel.Nftables;
import io.panal.node.kernel.OpenDescriptor;
import io.panal.node.kernel.Routes;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// This host's part of the cluster's networks.
///
/// Level-triggered: what is wanted comes in whole and the kernel is made to match. Each call is safe to repeat. A new
/// daemon adopts what the last one left, and no connection notices. Calls may come from any thread.
public final class Dataplane implements Closeable {
    private static final System.Logger LOG = System.getLogger(Dataplane.class.getName());
    private static final List<Settings.Setting> FORWARDING = List.of(new Settings.Setting("ipv4/ip_forward", "1"));
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String INGRESS_PORT = "host";

    private final Place place;
    private final Netlink route;
    private final Netlink netfilter;
    private final Resolver resolver;
    private final Settings settings;
    private final HostTable table;
    private final PortReservations ports;
    private final GatewayBridge gateway;
    private final Map<String, OverlayBridge> bridges = new HashMap<>();
    private final Map<String, Task> tasks = new LinkedHashMap<>();
    private final Map<String, TaskPlan> preparing = new HashMap<>();
    private final Map<String, Long> strays = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<NetworkState> state = Optional.empty();
    private Set<InetAddress> lastEndpoints = Set.of();
    private List<String> problems = List.of();
    /// Until the first state comes, the rules of the daemon before are better than ours.
    private boolean adopted;

    /// Where a data plane lives.
    ///
    /// @param runDirectory emptied by a reboot, as `/run/panal`
    /// @param host the namespace of the node's own addresses
    /// @param resolvConf the host's, whose name servers are asked for names outside the cluster
    public record Place(Path runDirectory, NetworkNamespace host, Path resolvConf) {
        /// This process's namespace.
        public static Place own(Path runDirectory) {
            return new Place(runDirectory, NetworkNamespace.own(), Path.of("/etc/resolv.conf"));
        }

        Upstream upstream() {
            return new Upstream(host, resolvConf);
        }

        Path namespaces() {
            return runDirectory.resolve("netns");
        }

        Path overlays() {
            return runDirectory.resolve("network/overlays");
        }

        Path plans() {
            return runDirectory.resolve("network/tasks");
        }

        Path settings() {
            return runDirectory.resolve("network/settings");
        }
    }

    private record Task(TaskPlan plan, TaskNamespace inside, ServiceTable services) {
        /// @param adopted from another daemon, with whatever that one left in it
        static Task of(TaskPlan plan, TaskNamespace inside, boolean adopted) {
            return new Task(
                    plan,
                    inside,
                    new ServiceTable(inside.netfilter(), plan.task().taskId().hashCode(), adopted));
        }
    }

    private Dataplane(Place place, Netlink route, Netlink netfilter, Resolver resolver) {
        this.place = place;
        this.route = route;
        this.netfilter = netfilter;
        this.resolver = resolver;
        settings = new Settings(place.host(), place.settings());
        table = new HostTable(netfilter);
        ports = new PortReservations(place.host());
        gateway = new GatewayBridge(route, settings);
    }

    /// Opens the data plane of a place and adopts the tasks that are there. Changes nothing until [#apply].
    public static Dataplane open(Place place) throws IOException {
        Files.createDirectories(place.namespaces());
        Files.createDirectories(place.overlays());
        Files.createDirectories(place.plans());
        Dataplane opened = new Dataplane(
                place, Netlink.route(place.host()), Netlink.netfilter(place.host()), Resolver.start(place.upstream()));
        opened.adopt();
        return opened;
    }

    private void adopt() throws IOException {
        adopted = !files(place.overlays()).isEmpty();
        for (Path file : files(place.plans())) {
            String id = file.getFileName().toString();
            try {
                TaskPlan plan = TaskPlan.readFrom(file);
                TaskNamespace inside = TaskNamespace.adopt(place.namespaces().resolve(id));
                welcome(Task.of(plan, inside, true));
                plan.outside().ifPresent(taken -> gateway.adopt(taken.address()));
            } catch (IOException unusable) {
                LOG.log(Level.WARNING, () -> "task network not adopted task=%s reason=%s".formatted(id, unusable));
            }
        }
        for (Task task : tasks.values()) {
            for (TaskNetwork.HostPort port : task.plan().task().hostPorts()) {
                ports.reserve(HostPortKey.of(port.protocol(), port.publishedPort()));
            }
        }
    }

    /// Makes the host match a state.
    ///
    /// @return what could not be done, each a sentence for an operator; it is tried again with the next call
    public List<String> apply(NetworkState wanted) throws IOException {
        lock.lock();
        try {
            List<String> found = new ArrayList<>();
            state = Optional.of(wanted);
            settings.change(FORWARDING);
            OverlayBridge.Underlay underlay = underlay(wanted);
            removeOtherOverlays(wanted);
            for (Overlay overlay : wanted.overlays()) {
                matchOverlay(overlay, underlay, found);
            }
            gateway.match(wanted.overlays().stream()
                    .flatMap(overlay -> overlay.subnets().stream())
                    .map(subnet -> Cidr.of(subnet.cidr()))
                    .toList());
            matchPorts(found);
            matchNames();
            matchServices(found);
            forgetDeadEndpoints();
            sweepPorts(PATIENCE);
            findDroppingFirewalls(found);
            found.stream()
                    .filter(problem -> !problems.contains(problem))
                    .forEach(problem -> LOG.log(Level.WARNING, () -> "network not as wanted problem=" + problem));
            problems = List.copyOf(found);
            return problems;
        } finally {
            lock.unlock();
        }
    }

    /// What the last [#apply] could not do.
    public List<String> problems() {
        lock.lock();
        try {
            return problems;
        } finally {
            lock.unlock();
        }
    }

    private OverlayBridge.Underlay underlay(NetworkState wanted) throws IOException {
        InetAddress address = InetAddress.ofLiteral(wanted.nodeAddress());
        int link = Routes.addresses(route).stream()
                .filter(held -> held.address().equals(address))
                .map(Routes.Held::link)
                .findFirst()
                .orElseThrow(() -> new IOException("no interface of this node holds the address " + wanted.nodeAddress()
                        + ": give one that `ip address` shows"));
        int mtu = Links.list(route).stream()
                .filter(each -> each.index() == link)
                .findFirst()
                .map(Links.Link::mtu)
                .orElse(1500);
        // Only the loopback device carries more than Ethernet's jumbo frames.
        return new OverlayBridge.Underlay(address, wanted.dataPathPort(), Math.min(mtu, 9000));
    }

    private void removeOtherOverlays(NetworkState wanted) throws IOException {
        Set<String> keep = new HashSet<>();
        wanted.overlays().forEach(overlay -> keep.add(fileName(overlay)));
        for (Path file : files(place.overlays())) {
            String name = file.getFileName().toString();
            boolean inUse = plans().flatMap(plan -> plan.wires().stream())
                    .anyMatch(wire -> wire.networkId().equals(idOf(name)));
            if (!keep.contains(name) && !inUse) {
                removeOverlay(file);
                LOG.log(Level.INFO, () -> "overlay removed network=" + name);
            }
        }
    }

    private void removeOverlay(Path file) throws IOException {
        OverlayBridge open = bridges.remove(idOf(file.getFileName().toString()));
        OverlayBridge gone = open == null ? OverlayBridge.at(file) : open;
        gone.remove();
    }

    private static String fileName(Overlay overlay) {
        return overlay.vni() + "-" + overlay.id();
    }

    private static String idOf(String fileName) {
        return fileName.substring(fileName.indexOf('-') + 1);
    }

    private void matchOverlay(Overlay overlay, OverlayBridge.Underlay underlay, List<String> found) {
        try {
            OverlayBridge bridge = bridges.get(overlay.id());
            if (bridge == null) {
                bridge = OverlayBridge.at(place.overlays().resolve(fileName(overlay)));
                bridges.put(overlay.id(), bridge);
            }
            bridge.match(overlay, underlay, route, localAddresses(overlay));
            if (overlay.ingress() && overlay.hostAddress().isPresent()) {
                matchIngress(bridge, Cidr.of(overlay.hostAddress().get()));
            }
        } catch (IOException failure) {
            found.add("network %s is not usable on this node: %s".formatted(overlay.name(), failure.getMessage()));
        }
    }

    private Set<InetAddress> localAddresses(Overlay overlay) {
        Set<InetAddress> local = new HashSet<>();
        overlay.hostAddress().ifPresent(own -> local.add(Cidr.of(own).address()));
        plans().flatMap(plan -> plan.wireIn(overlay.id()).stream())
                .forEach(wire -> local.add(wire.address().address()));
        return local;
    }

    /// The host is one more endpoint of the ingress network.
    private void matchIngress(OverlayBridge bridge, Cidr own) throws IOException {
        String mark = "panal ingress " + own;
        Optional<Links.Link> there = Links.find(route, HostTable.INGRESS);
        if (there.filter(link -> link.alias().equals(mark) && link.mtu() == bridge.mtu())
                .isPresent()) {
            return;
        }
        route.send(Links.remove(HostTable.INGRESS));
        try (OpenDescriptor host = place.host().open()) {
            bridge.connect(INGRESS_PORT, HostTable.INGRESS, own.address(), host);
        }
        int index = Links.required(route, HostTable.INGRESS).index();
        settings.write(List.of(
                new Settings.Setting("ipv4/conf/" + HostTable.INGRESS + "/route_localnet", "1"),
                new Settings.Setting("ipv4/conf/" + HostTable.INGRESS + "/rp_filter", "0")));
        route.send(Links.up(index), Routes.address(index, own.address(), own.prefix()), Links.alias(index, mark));
    }

    /// Of all tasks here, those being made among them.
    private Stream<TaskPlan> plans() {
        return Stream.concat(tasks.values().stream().map(Task::plan), preparing.values().stream());
    }

    private Optional<Overlay> ingress() {
        return state.stream()
                .flatMap(each -> each.overlays().stream())
                .filter(Overlay::ingress)
                .findFirst();
    }

    /// Published ports and those of single tasks, in one table.
    private void matchPorts(List<String> found) throws IOException {
        Map<HostPortKey, List<HostTable.Target>> wanted = new TreeMap<>();
        Optional<Overlay> ingress = ingress();
        for (Overlay.Published published : ingress.map(Overlay::published).orElse(List.of())) {
            wanted.put(
                    HostPortKey.of(published.protocol(), published.publishedPort()),
                    published.backends().stream()
                            .map(ip -> new HostTable.Target(InetAddress.ofLiteral(ip), published.targetPort()))
                            .toList());
        }
        for (Task task : tasks.values()) {
            task.plan()
                    .hostPortAddress()
                    .ifPresent(address -> task.plan()
                            .task()
                            .hostPorts()
                            .forEach(port -> wanted.put(
                                    HostPortKey.of(port.protocol(), port.publishedPort()),
                                    List.of(new HostTable.Target(address, port.targetPort())))));
        }
        Set<HostPortKey> keep = new HashSet<>(wanted.keySet());
        preparing
                .values()
                .forEach(plan -> plan.task()
                        .hostPorts()
                        .forEach(port -> keep.add(HostPortKey.of(port.protocol(), port.publishedPort()))));
        ports.keep(keep);
        for (HostPortKey port : List.copyOf(wanted.keySet())) {
            try {
                ports.reserve(port);
            } catch (PortTakenException taken) {
                wanted.remove(port);
                found.add(String.valueOf(taken.getMessage()));
            }
        }
        if (gateway.isMade() && (state.isPresent() || !adopted)) {
            table.match(
                    new HostTable.Entry(
                            InetAddress.ofLiteral(
                                    state.map(NetworkState::nodeAddress).orElse("127.0.0.1")),
                            ingress.map(Overlay::portSliceIndex).orElse(0),
                            ingress.map(Overlay::portSlices).orElse(1),
                            gateway.own()),
                    wanted);
        }
    }

    /// Connections to an endpoint that is gone would hang: forgotten, their next packet finds a live one or a refusal.
    /// An endpoint that merely gets no new connections keeps those it has.
    private void forgetDeadEndpoints() throws IOException {
        Set<InetAddress> endpoints = new HashSet<>();
        for (Overlay overlay : state.map(NetworkState::overlays).orElse(List.of())) {
            overlay.peers().forEach(peer -> endpoints.add(InetAddress.ofLiteral(peer.ip())));
        }
        plans().forEach(plan -> {
            plan.wires().forEach(wire -> endpoints.add(wire.address().address()));
            plan.outside().ifPresent(outside -> endpoints.add(outside.address()));
        });
        Set<InetAddress> dead = new HashSet<>(lastEndpoints);
        dead.removeAll(endpoints);
        lastEndpoints = endpoints;
        Conntrack.forget(netfilter, dead);
        for (Task task : tasks.values()) {
            Conntrack.forget(task.inside().netfilter(), dead);
        }
    }

    /// An accept in our table does not override another table's drop; only its owner can let our packets pass.
    private void findDroppingFirewalls(List<String> found) throws IOException {
        for (Nftables.DroppingChain chain : Nftables.droppingForward(netfilter)) {
            String command = chain.chain().equals("FORWARD")
                    ? "iptables -I FORWARD -i %s -j ACCEPT; iptables -I FORWARD -o %s -j ACCEPT; "
                            + "iptables -I FORWARD -i %s -j ACCEPT; iptables -I FORWARD -o %s -j ACCEPT"
                    : "nft insert rule inet " + chain.table() + " " + chain.chain()
                            + " iifname { %s, %s } accept; nft insert rule inet " + chain.table() + " " + chain.chain()
                            + " oifname { %s, %s } accept";
            found.add(
                    ("the firewall's chain %s %s of this node drops forwarded packets, so published ports and the way "
                                    + "outside of containers do not work: run `%s`")
                            .formatted(
                                    chain.table(),
                                    chain.chain(),
                                    command.formatted(
                                            HostTable.GATEWAY,
                                            HostTable.GATEWAY,
                                            HostTable.INGRESS,
                                            HostTable.INGRESS)));
        }
    }

    /// Prepares a task's network. A task that has it already keeps it.
    ///
    /// @throws PortTakenException a host port of it is in use
    /// @throws IOException with a sentence that says why; nothing of it is left behind
    public Sandbox attach(TaskNetwork wanted) throws IOException {
        Preparation preparation = prepare(wanted);
        if (preparation.there()) {
            return sandbox(preparation.plan());
        }
        try {
            finish(preparation.plan(), make(preparation));
            return sandbox(preparation.plan());
        } catch (IOException | RuntimeException failure) {
            undo(preparation.plan());
            throw failure;
        }
    }

    /// What an attach begins with, so that the kernel's work is done without the lock.
    private record Preparation(TaskPlan plan, boolean there, Map<String, OverlayBridge> overlays) {}

    private Preparation prepare(TaskNetwork wanted) throws IOException {
        lock.lock();
        try {
            Task there = tasks.get(wanted.taskId());
            if (there != null && there.plan().task().equals(wanted)) {
                return new Preparation(there.plan(), true, Map.of());
            }
            detach(wanted.taskId());
            Map<String, OverlayBridge> overlays = new HashMap<>();
            for (TaskNetwork.Attachment attachment : wanted.attachments()) {
                overlays.put(attachment.networkId(), bridge(attachment.networkId()));
            }
            TaskPlan plan = plan(wanted);
            preparing.put(wanted.taskId(), plan);
            plan.writeTo(place.plans().resolve(wanted.taskId()));
            return new Preparation(plan, false, overlays);
        } finally {
            lock.unlock();
        }
    }

    private void finish(TaskPlan plan, TaskNamespace inside) throws IOException {
        lock.lock();
        try {
            preparing.remove(plan.task().taskId());
            Task task = Task.of(plan, inside, false);
            welcome(task);
            matchNames();
            if (state.isPresent()) {
                task.services().match(services(plan));
            }
            if (!plan.task().hostPorts().isEmpty()) {
                matchPorts(new ArrayList<>());
            }
        } finally {
            lock.unlock();
        }
    }

    private void welcome(Task task) {
        TaskPlan plan = task.plan();
        tasks.put(plan.task().taskId(), task);
        List<String> networks =
                plan.wires().stream().map(TaskPlan.Wire::networkId).toList();
        resolver.serve(
                plan.task().taskId(),
                new Resolver.Asker(
                        task.inside().names(), networks, plan.task().names().servers()));
    }

    private void matchNames() {
        state.ifPresent(each -> resolver.know(new NameTable(each.overlays(), plans().toList())));
    }

    private void matchServices(List<String> found) {
        for (Task task : tasks.values()) {
            try {
                task.services().match(services(task.plan()));
            } catch (IOException failure) {
                found.add("services are not reachable for task %s: %s"
                        .formatted(task.plan().task().taskId(), failure.getMessage()));
            }
        }
    }

    /// The virtual addresses that a task can reach, with the tasks behind them.
    private Map<InetAddress, List<InetAddress>> services(TaskPlan plan) {
        Map<InetAddress, List<InetAddress>> wanted = new HashMap<>();
        for (Overlay overlay : state.map(NetworkState::overlays).orElse(List.of())) {
            if (!overlay.ingress() && plan.wireIn(overlay.id()).isPresent()) {
                for (Overlay.Service service : overlay.services()) {
                    List<InetAddress> backends = service.backends().stream()
                            .map(backend -> InetAddress.ofLiteral(backend.ip()))
                            .toList();
                    service.vips().forEach(vip -> wanted.put(InetAddress.ofLiteral(vip), backends));
                }
            }
        }
        return wanted;
    }

    private TaskPlan plan(TaskNetwork wanted) throws IOException {
        Optional<String> ingressId = ingress().map(Overlay::id);
        boolean throughIngress =
                wanted.attachments().stream().anyMatch(each -> ingressId.equals(Optional.of(each.networkId())));
        boolean outside = (wanted.gateway() || !wanted.hostPorts().isEmpty()) && !throughIngress;
        if (outside && state.isEmpty()) {
            settings.change(FORWARDING);
            gateway.match(List.of());
            matchPorts(new ArrayList<>());
        }
        reserve(wanted.hostPorts());
        return TaskPlan.of(wanted, ingressId, outside ? Optional.of(gateway.take()) : Optional.empty());
    }

    private void reserve(List<TaskNetwork.HostPort> wanted) throws IOException {
        List<HostPortKey> taken = new ArrayList<>();
        try {
            for (TaskNetwork.HostPort port : wanted) {
                HostPortKey key = HostPortKey.of(port.protocol(), port.publishedPort());
                if (ports.holds(key)) {
                    throw new PortTakenException(key);
                }
                ports.reserve(key);
                taken.add(key);
            }
        } catch (IOException failure) {
            for (HostPortKey key : taken) {
                ports.release(key);
            }
            throw failure;
        }
    }

    private OverlayBridge bridge(String networkId) throws IOException {
        OverlayBridge bridge = bridges.get(networkId);
        if (bridge == null) {
            throw new IOException("network " + networkId + " is not on this node yet");
        }
        return bridge;
    }

    private TaskNamespace make(Preparation preparation) throws IOException {
        TaskPlan plan = preparation.plan();
        Path path = place.namespaces().resolve(plan.task().taskId());
        new NetworkNamespace(path).remove();
        return TaskNamespace.make(
                path,
                plan,
                here -> {
                    for (TaskPlan.Wire wire : plan.wires()) {
                        OverlayBridge bridge = preparation.overlays().get(wire.networkId());
                        if (bridge != null) {
                            bridge.connect(
                                    plan.port(), wire.device(), wire.address().address(), here);
                        }
                    }
                    if (plan.outside().isPresent()) {
                        gateway.connect(
                                plan.port(),
                                plan.outsideDevice(),
                                plan.outside().get().address(),
                                here);
                    }
                },
                wayOut(plan));
    }

    private Optional<TaskNamespace.WayOut> wayOut(TaskPlan plan) {
        if (plan.outside().isPresent()) {
            return Optional.of(new TaskNamespace.WayOut(gateway.own().address(), plan.outsideDevice(), false));
        }
        return ingress()
                .filter(overlay -> plan.wireIn(overlay.id()).isPresent())
                .flatMap(Overlay::hostAddress)
                .map(own -> new TaskNamespace.WayOut(Cidr.of(own).address(), "eth0", true));
    }

    private Sandbox sandbox(TaskPlan plan) {
        return SandboxFiles.sandbox(
                plan,
                place.namespaces().resolve(plan.task().taskId()),
                wayOut(plan),
                place.upstream().values("search"));
    }

    /// Takes a task's network away. Safe to repeat.
    public void detach(String taskId) throws IOException {
        lock.lock();
        try {
            Task task = tasks.remove(taskId);
            if (task != null) {
                resolver.stop(taskId);
                task.inside().close();
                forget(task.plan());
                forgetDeadEndpoints();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Takes back what an attach has done so far.
    private void undo(TaskPlan plan) throws IOException {
        lock.lock();
        try {
            for (TaskPlan.Wire wire : plan.wires()) {
                OverlayBridge bridge = bridges.get(wire.networkId());
                if (bridge != null) {
                    bridge.disconnect(plan.port());
                }
            }
            gateway.disconnect(plan.port());
            forget(plan);
        } finally {
            lock.unlock();
        }
    }

    /// The namespace takes its cables with it when it ends, many at a time and without anyone waiting.
    private void forget(TaskPlan plan) throws IOException {
        preparing.remove(plan.task().taskId());
        plan.outside().ifPresent(outside -> gateway.giveBack(outside.address()));
        new NetworkNamespace(place.namespaces().resolve(plan.task().taskId())).remove();
        Files.deleteIfExists(place.plans().resolve(plan.task().taskId()));
        if (!plan.task().hostPorts().isEmpty()) {
            matchPorts(new ArrayList<>());
        }
    }

    /// Removes what belongs to no task to be kept: networks of others, and leftovers of an attach that was cut short.
    public void sweep(Set<String> keep) throws IOException {
        lock.lock();
        try {
            for (String taskId : List.copyOf(tasks.keySet())) {
                if (!keep.contains(taskId)) {
                    detach(taskId);
                }
            }
            for (Path file : Stream.concat(files(place.namespaces()).stream(), files(place.plans()).stream())
                    .toList()) {
                String id = file.getFileName().toString();
                if (!tasks.containsKey(id) && !preparing.containsKey(id)) {
                    new NetworkNamespace(place.namespaces().resolve(id)).remove();
                    Files.deleteIfExists(place.plans().resolve(id));
                }
            }
            sweepPorts(PATIENCE);
        } finally {
            lock.unlock();
        }
    }

    /// Cables of no task: their namespace has not ended yet, or will not, as a process still lives in it.
    private void sweepPorts(Duration patience) throws IOException {
        Set<String> known = new HashSet<>(Set.of(INGRESS_PORT));
        plans().forEach(plan -> known.add(plan.port()));
        Set<String> seen = new HashSet<>();
        for (OverlayBridge bridge : bridges.values()) {
            bridge.disconnect(overdue(bridge.ports(), known, seen, patience));
        }
        List<Links.Link> ours = gateway.ports().stream()
                .filter(port -> port.name().startsWith(TaskPlan.PORT_PREFIX))
                .toList();
        gateway.disconnect(overdue(ours, known, seen, patience));
        strays.keySet().retainAll(seen);
    }

    private List<Links.Link> overdue(List<Links.Link> ports, Set<String> known, Set<String> seen, Duration patience) {
        List<Links.Link> overdue = new ArrayList<>();
        long now = System.nanoTime();
        for (Links.Link port : ports) {
            if (!known.contains(port.name())) {
                seen.add(port.name());
                long since = strays.computeIfAbsent(port.name(), _ -> now);
                if (now - since >= patience.toNanos()) {
                    overdue.add(port);
                }
            }
        }
        return overdue;
    }

    /// Removes everything of ours from the kernel, as when this node leaves the cluster.
    public void clear() throws IOException {
        lock.lock();
        try {
            sweep(Set.of());
            sweepPorts(Duration.ZERO);
            state = Optional.empty();
            adopted = false;
            ports.close();
            table.remove();
            for (Path file : files(place.overlays())) {
                removeOverlay(file);
            }
            route.send(Links.remove(HostTable.INGRESS));
            gateway.remove();
            settings.restore();
            lastEndpoints = Set.of();
            problems = List.of();
        } finally {
            lock.unlock();
        }
    }

    /// Lets go of sockets; the kernel keeps all that was made, and traffic flows on.
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            for (Task task : tasks.values()) {
                task.inside().close();
            }
            for (OverlayBridge bridge : bridges.values()) {
                bridge.close();
            }
            ports.close();
            resolver.close();
            route.close();
            netfilter.close();
        } finally {
            lock.unlock();
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }
}
