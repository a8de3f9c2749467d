package io.panal.node.dataplane;

import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.NetworkNamespace;
import io.panal.node.kernel.Notices;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// This host's part of the cluster's networks.
///
/// Level-triggered: what is wanted comes in whole and the kernel is made to match. Each call is safe to repeat. A new
/// daemon adopts what the last one left, and no connection notices. Calls may come from any thread.
public final class Dataplane implements Closeable {
    private static final System.Logger LOG = System.getLogger(Dataplane.class.getName());

    private final Place place;
    private final Netlink route;
    private final Netlink netfilter;
    private final Settings settings;
    private final Overlays overlays;
    private final GatewayBridge gateway;
    private final Bridges bridges;
    private final Cables cables;
    private final NodePorts ports;
    private final LocalTasks tasks;
    private final Attachments.Hardware hardware;
    private final Attachments attachments;
    private final StrayCables strays = new StrayCables();
    private final ReentrantLock lock = new ReentrantLock();
    /// The kernel was made to match.
    private final Condition matched = lock.newCondition();
    private final PeerWatch watch;
    private final Comparison comparison;
    private final Repair repair;
    /// With the tasks on nodes that are silent: what is known of it is without them.
    private Optional<NetworkState> ordered = Optional.empty();
    private List<String> problems = List.of();

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

    private Dataplane(Place place, Netlink route, Netlink netfilter, Tuning tuning) throws IOException {
        this.place = place;
        repair = new Repair(tuning.pause(), this::repair);
        this.route = route;
        this.netfilter = netfilter;
        settings = new Settings(place.host(), place.settings());
        overlays = new Overlays(place, route, settings);
        gateway = new GatewayBridge(route, settings);
        bridges = new Bridges(route, settings);
        cables = new Cables(route, overlays, gateway, bridges);
        ports = new NodePorts(new PortReservations(place.host()), new HostTable(netfilter), gateway, bridges);
        tasks = new LocalTasks(Resolver.start(place.upstream()), tuning.answers());
        hardware = new Attachments.Hardware(settings, gateway, bridges, cables, ports);
        attachments = new Attachments(place, hardware, tasks, tuning.answers(), netfilter, lock);
        Comparison.Told told =
                new Comparison.Told(place.host().enter(Notices::ofLinksHere), new TableWatch(netfilter, false));
        comparison = new Comparison(place, overlays, hardware, attachments, told);
        watch = new PeerWatch(place.host(), this::peersChanged);
    }

    /// Opens the data plane of a place and adopts the tasks that are there. Changes nothing until [#apply].
    public static Dataplane open(Place place) throws IOException {
        return open(place, new Tuning(AnswerPath.ofThisKernel(), Repair.PAUSE));
    }

    /// What differs from kernel to kernel, and from test to test.
    ///
    /// @param pause between two looks for what others changed
    record Tuning(AnswerPath answers, Duration pause) {}

    static Dataplane open(Place place, Tuning tuning) throws IOException {
        Files.createDirectories(place.namespaces());
        Files.createDirectories(place.overlays());
        Files.createDirectories(place.plans());
        Dataplane opened = new Dataplane(place, Netlink.route(place.host()), Netlink.netfilter(place.host()), tuning);
        opened.adopt();
        return opened;
    }

    private void adopt() throws IOException {
        attachments.forget(overlays.areThere());
        gateway.adopt();
        for (Path file : files(place.plans())) {
            String id = file.getFileName().toString();
            try {
                TaskPlan plan = TaskPlan.readFrom(file);
                tasks.welcome(plan, TaskNamespace.adopt(place.namespaces().resolve(id)), true);
                plan.outside().ifPresent(taken -> gateway.adopt(taken.address()));
                ports.adopt(plan);
            } catch (IOException unusable) {
                LOG.log(Level.WARNING, () -> "task network not adopted task=%s reason=%s".formatted(id, unusable));
            }
        }
    }

    /// Makes the host match a state.
    ///
    /// @return what could not be done, each a sentence for an operator; it is tried again with the next call
    /// @throws IOException nothing can be done, as when no interface has the node's address
    public List<String> apply(NetworkState orders) throws IOException {
        lock.lock();
        try {
            ordered = Optional.of(orders);
            watch.watch(orders.hosts());
            repair.start();
            return match(orders, Findings.ordered());
        } finally {
            lock.unlock();
        }
    }

    private List<String> match(NetworkState orders, Findings findings) throws IOException {
        NetworkState wanted = orders.sparing(watch.silent());
        List<String> found = new ArrayList<>();
        attachments.know(wanted);
        comparison.run(tasks, found, findings);
        attachments.matchPorts(found);
        attachments.matchNames();
        tasks.matchServices(wanted, found);
        tasks.matchEntries(wanted, found);
        attachments.cutDeadEndpoints();
        strays.sweep(overlays, cables.hostBridges(), tasks.plans());
        matched.signalAll();
        return told(found);
    }

    /// Compares wanted with real.
    ///
    /// @param mending whether what differs is made as wanted
    /// @return what differed; none while nothing is known of what is wanted
    public List<Difference> examine(boolean mending) throws IOException {
        lock.lock();
        try (Findings findings = Findings.thorough(mending)) {
            if (mending) {
                mend(findings);
            } else {
                comparison.run(tasks, new ArrayList<>(), findings);
            }
            return findings.differences();
        } finally {
            lock.unlock();
        }
    }

    private void mend(Findings findings) throws IOException {
        if (ordered.isPresent()) {
            match(ordered.get(), findings);
        } else {
            comparison.run(tasks, new ArrayList<>(), findings);
            attachments.matchPorts(new ArrayList<>());
        }
        findings.differences()
                .forEach(each -> LOG.log(
                        Level.WARNING,
                        () -> "network repaired where=\"%s\" what=\"%s\" found=\"%s\" wanted=\"%s\""
                                .formatted(each.where(), each.what(), each.found(), each.wanted())));
    }

    /// Mends what another program changed, if anything was changed at all.
    private void repair() {
        lock.lock();
        try {
            comparison.look(tasks, this::mend);
        } finally {
            lock.unlock();
        }
    }

    private void peersChanged() {
        lock.lock();
        try {
            if (ordered.isPresent()) {
                apply(ordered.get());
            }
        } catch (IOException failure) {
            LOG.log(Level.WARNING, "network not changed after a node fell silent or spoke again", failure);
        } finally {
            lock.unlock();
        }
    }

    /// Those that this node sends to and that no longer answer it.
    Set<InetAddress> silentHosts() {
        return watch.silent();
    }

    /// With what other firewalls drop. Says what is new, and keeps all.
    private List<String> told(List<String> found) throws IOException {
        List<String> devices = new ArrayList<>();
        if (attachments.state().isPresent()) {
            devices.addAll(List.of(HostTable.GATEWAY, HostTable.INGRESS));
        }
        bridges.wanted().stream()
                .filter(bridge -> !bridge.traffic().internal())
                .forEach(bridge -> devices.add(bridge.device()));
        found.addAll(Firewalls.problems(netfilter, devices));
        found.stream()
                .filter(problem -> !problems.contains(problem))
                .forEach(problem -> LOG.log(Level.WARNING, () -> "network not as wanted problem=" + problem));
        problems = List.copyOf(found);
        return problems;
    }

    /// Makes this host's own networks match: those that are there stay as they are, those not wanted go.
    ///
    /// Asked whether this node is in a swarm or not. Tasks must have left a network before it goes.
    ///
    /// @return what could not be done, each a sentence for an operator; it is tried again when a task needs it
    public List<String> matchBridges(List<Bridge> wanted) throws IOException {
        lock.lock();
        try {
            List<String> found = new ArrayList<>();
            bridges.want(wanted);
            if (!wanted.isEmpty()) {
                repair.start();
                hardware.forward(Findings.ordered());
            }
            bridges.match(found, Findings.ordered());
            attachments.matchPorts(found);
            attachments.matchNames();
            strays.sweep(overlays, cables.hostBridges(), tasks.plans());
            return told(found);
        } finally {
            lock.unlock();
        }
    }

    /// Makes one of them, or mends it.
    ///
    /// @throws IOException with a sentence that says why not
    public void requireBridge(String networkId) throws IOException {
        lock.lock();
        try {
            var _ = bridges.required(networkId);
        } finally {
            lock.unlock();
        }
    }

    /// Whether somebody else has an interface of that name.
    public boolean isForeign(String device) throws IOException {
        lock.lock();
        try {
            return bridges.isForeign(device);
        } finally {
            lock.unlock();
        }
    }

    /// What this host's own addresses and routes speak for.
    public List<Cidr> inUse() throws IOException {
        lock.lock();
        try {
            return HostAddresses.inUse(route);
        } finally {
            lock.unlock();
        }
    }

    /// What is attached now, or about to be.
    public List<TaskNetwork> tasks() {
        lock.lock();
        try {
            return tasks.plans().stream().map(TaskPlan::task).toList();
        } finally {
            lock.unlock();
        }
    }

    /// Where a task's namespace is, or will be.
    public Path namespace(String taskId) {
        return place.namespaces().resolve(taskId);
    }

    /// Waits until an overlay is here, or it is known that it cannot be: who is put on it hears why then.
    ///
    /// @return false when the time is over
    public boolean awaitOverlay(String networkId, Duration patience) throws InterruptedIOException {
        long left = patience.toNanos();
        lock.lock();
        try {
            while (!overlays.isKnown(networkId)) {
                if (left <= 0) {
                    return false;
                }
                left = matched.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("context canceled");
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

    /// Prepares a task's network. A task that has it already keeps it; one that lives and is on bridges alone is taken
    /// off those that it is not to be on any more, and put on the others.
    ///
    /// @throws PortTakenException a host port of it is in use
    /// @throws IOException with a sentence that says why; nothing of it is left behind
    public Sandbox attach(TaskNetwork wanted) throws IOException {
        repair.start();
        return attachments.attach(wanted);
    }

    /// The network of a task that has one now.
    public Optional<Sandbox> attached(String taskId) {
        return attachments.attached(taskId);
    }

    /// Takes a task's network away. Safe to repeat.
    public void detach(String taskId) throws IOException {
        attachments.detach(taskId);
    }

    /// Removes what belongs to no task to be kept: networks of others, and leftovers of an attach that was cut short.
    public void sweep(Set<String> keep) throws IOException {
        lock.lock();
        try {
            for (TaskPlan plan : tasks.readyPlans()) {
                if (!keep.contains(plan.task().taskId())) {
                    detach(plan.task().taskId());
                }
            }
            for (Path directory : List.of(place.namespaces(), place.plans())) {
                for (Path file : files(directory)) {
                    if (!tasks.knows(file.getFileName().toString())) {
                        attachments.removeFiles(file.getFileName().toString());
                    }
                }
            }
            strays.sweep(overlays, cables.hostBridges(), tasks.plans());
        } finally {
            lock.unlock();
        }
    }

    /// Removes everything of the cluster's from the kernel, as when this node leaves it; this host's own networks and
    /// who is on them stay.
    public void clear() throws IOException {
        lock.lock();
        try {
            sweep(tasks.readyPlans().stream()
                    .map(plan -> plan.task().taskId())
                    .filter(TaskNetwork::isPlain)
                    .collect(Collectors.toSet()));
            attachments.cutOverlays();
            strays.clear(overlays, cables.hostBridges(), tasks.plans());
            ordered = Optional.empty();
            watch.watch(Set.of());
            attachments.forget(false);
            overlays.clear();
            if (tasks.plans().stream().allMatch(plan -> plan.outside().isEmpty())) {
                gateway.remove();
            }
            attachments.matchNames();
            attachments.matchPorts(new ArrayList<>());
            if (!gateway.isMade() && bridges.wanted().isEmpty()) {
                ports.clear();
                settings.restore();
            }
            problems = List.of();
        } finally {
            lock.unlock();
        }
    }

    /// Lets go of sockets; the kernel keeps all that was made, and traffic flows on.
    @Override
    public void close() throws IOException {
        lock.lock();
        try (route;
                netfilter;
                overlays;
                ports;
                comparison;
                repair;
                watch) {
            ordered = Optional.empty();
            tasks.close();
        } finally {
            lock.unlock();
        }
    }

    /// In the order of their names.
    static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }
}
