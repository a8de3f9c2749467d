package io.panal.node.dataplane;

import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.NetworkNamespace;
import io.panal.node.kernel.Notices;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// This host's part of the cluster's networks.
///
/// Level-triggered: what is wanted comes in whole and the kernel is made to match. Each call is safe to repeat. A new
/// daemon adopts what the last one left, and no connection notices. Calls may come from any thread.
public final class Dataplane implements Closeable {
    private static final System.Logger LOG = System.getLogger(Dataplane.class.getName());
    private static final List<Settings.Setting> FORWARDING = List.of(new Settings.Setting("ipv4/ip_forward", "1"));

    private final Place place;
    private final Netlink route;
    private final Netlink netfilter;
    private final Settings settings;
    private final Overlays overlays;
    private final GatewayBridge gateway;
    private final NodePorts ports;
    private final LocalTasks tasks;
    private final AnswerPath answers;
    private final StrayCables strays = new StrayCables();
    private final ReentrantLock lock = new ReentrantLock();
    private final PeerWatch watch;
    private final Notices notices;
    private final TableWatch tables;
    private final Repair repair;
    private Optional<NetworkState> ordered = Optional.empty();
    /// What was ordered, without the tasks on nodes that are silent.
    private Optional<NetworkState> state = Optional.empty();
    private List<String> problems = List.of();
    /// Whether something was changed since the last comparison that came to its end.
    private boolean touched;
    /// Why the last repair was not done.
    private String failure = "";
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

    private Dataplane(Place place, Netlink route, Netlink netfilter, Tuning tuning) throws IOException {
        this.place = place;
        answers = tuning.answers();
        repair = new Repair(tuning.pause(), this::repair);
        this.route = route;
        this.netfilter = netfilter;
        settings = new Settings(place.host(), place.settings());
        overlays = new Overlays(place, route, settings);
        gateway = new GatewayBridge(route, settings);
        ports = new NodePorts(new PortReservations(place.host()), new HostTable(netfilter), gateway);
        tasks = new LocalTasks(Resolver.start(place.upstream()), answers);
        notices = place.host().enter(Notices::ofLinksHere);
        tables = new TableWatch(netfilter, false);
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
        adopted = overlays.areThere();
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
        state = Optional.of(wanted);
        compare(found, findings);
        matchPorts(found);
        tasks.matchNames(wanted);
        tasks.matchServices(wanted, found);
        tasks.matchEntries(wanted, found);
        tasks.cutDeadEndpoints(state, netfilter);
        strays.sweep(overlays, gateway, tasks.plans());
        found.addAll(Firewalls.problems(netfilter));
        found.stream()
                .filter(problem -> !problems.contains(problem))
                .forEach(problem -> LOG.log(Level.WARNING, () -> "network not as wanted problem=" + problem));
        problems = List.copyOf(found);
        return problems;
    }

    /// Compares wanted with real, and mends on the way what does not need the whole of [#match].
    private void compare(List<String> found, Findings findings) throws IOException {
        settings.match(FORWARDING, true, findings);
        if (state.isPresent()) {
            overlays.match(state.get(), tasks, found, findings);
        }
        gateway.match(
                state.map(NetworkState::subnets).orElse(List.of()).stream()
                        .map(Cidr::of)
                        .toList(),
                findings);
        gateway.matchCables(tasks.readyPlans(), place.namespaces(), found, findings);
        if (findings.isDeep()) {
            if (findings.isThorough() || tables.isTouched()) {
                ports.check(findings);
                tables.looked();
            }
            tasks.matchInside(this::wayOut, found, findings);
        }
    }

    /// Compares wanted with real.
    ///
    /// @param mending whether what differs is made as wanted
    /// @return what differed; none while nothing is known of what is wanted
    public List<Difference> examine(boolean mending) throws IOException {
        lock.lock();
        try (Findings findings = Findings.thorough(mending)) {
            if (isKnown() && mending) {
                mend(findings);
            } else if (isKnown()) {
                compare(new ArrayList<>(), findings);
            }
            return findings.differences();
        } finally {
            lock.unlock();
        }
    }

    /// Whether it is known what is wanted: by orders, or by containers on a node that is in no swarm.
    private boolean isKnown() {
        return ordered.isPresent() || (!adopted && gateway.isMade());
    }

    private void mend(Findings findings) throws IOException {
        if (ordered.isPresent()) {
            match(ordered.get(), findings);
        } else {
            compare(new ArrayList<>(), findings);
            matchPorts(new ArrayList<>());
        }
        findings.differences()
                .forEach(each -> LOG.log(
                        Level.WARNING,
                        () -> "network repaired where=\"%s\" what=\"%s\" found=\"%s\""
                                .formatted(each.where(), each.what(), each.found())));
    }

    /// Mends what another program changed, if anything was changed at all.
    private void repair() {
        lock.lock();
        try {
            touched |= isKnown() && isTouched();
            if (touched) {
                try (Findings findings = Findings.deep()) {
                    mend(findings);
                }
                touched = false;
                failure = "";
            }
        } catch (IOException refused) {
            String reason = String.valueOf(refused.getMessage());
            if (!reason.equals(failure)) {
                LOG.log(Level.WARNING, () -> "network not repaired, trying again reason=" + reason);
            }
            failure = reason;
        } finally {
            lock.unlock();
        }
    }

    private boolean isTouched() throws IOException {
        boolean any = notices.any();
        any |= tables.isTouched();
        any |= overlays.isTouched();
        any |= tasks.isTouched();
        any |= settings.isTouched();
        return any;
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

    /// What the last [#apply] could not do.
    public List<String> problems() {
        lock.lock();
        try {
            return problems;
        } finally {
            lock.unlock();
        }
    }

    private void matchPorts(List<String> found) throws IOException {
        if (state.isPresent() || !adopted) {
            ports.match(state, tasks.readyPlans(), tasks.preparing(), found);
        }
    }

    /// Prepares a task's network. A task that has it already keeps it.
    ///
    /// @throws PortTakenException a host port of it is in use
    /// @throws IOException with a sentence that says why; nothing of it is left behind
    public Sandbox attach(TaskNetwork wanted) throws IOException {
        Preparation preparation = prepare(wanted);
        if (!preparation.there()) {
            try {
                finish(preparation.plan(), make(preparation));
            } catch (IOException | RuntimeException failure) {
                undo(preparation.plan());
                throw failure;
            }
        }
        return sandbox(preparation.plan());
    }

    /// The network of a task that has one now.
    public Optional<Sandbox> attached(String taskId) {
        lock.lock();
        try {
            return tasks.find(taskId).map(this::sandbox);
        } finally {
            lock.unlock();
        }
    }

    /// What an attach begins with, so that the kernel's work is done without the lock.
    private record Preparation(TaskPlan plan, boolean there, Map<String, OverlayBridge> bridges) {}

    private Preparation prepare(TaskNetwork wanted) throws IOException {
        lock.lock();
        try {
            Optional<TaskPlan> there =
                    tasks.find(wanted.taskId()).filter(plan -> plan.task().equals(wanted));
            if (there.isPresent()) {
                return new Preparation(there.get(), true, Map.of());
            }
            detach(wanted.taskId());
            Map<String, OverlayBridge> bridges = new HashMap<>();
            for (TaskNetwork.Attachment attachment : wanted.attachments()) {
                bridges.put(attachment.networkId(), overlays.required(attachment.networkId()));
            }
            TaskPlan plan = plan(wanted);
            tasks.prepare(plan);
            plan.writeTo(place.plans().resolve(wanted.taskId()));
            return new Preparation(plan, false, bridges);
        } finally {
            lock.unlock();
        }
    }

    private TaskPlan plan(TaskNetwork wanted) throws IOException {
        Optional<String> ingressId = state.flatMap(NetworkState::ingress).map(Overlay::id);
        boolean throughIngress =
                wanted.attachments().stream().anyMatch(each -> ingressId.equals(Optional.of(each.networkId())));
        boolean outside = (wanted.gateway() || !wanted.hostPorts().isEmpty()) && !throughIngress;
        if (outside && state.isEmpty()) {
            repair.start();
            settings.match(FORWARDING, true, Findings.ordered());
            gateway.match(List.of(), Findings.ordered());
            matchPorts(new ArrayList<>());
        }
        ports.reserve(wanted.hostPorts());
        return TaskPlan.of(wanted, ingressId, outside ? Optional.of(gateway.take()) : Optional.empty());
    }

    private TaskNamespace make(Preparation preparation) throws IOException {
        TaskPlan plan = preparation.plan();
        Path path = place.namespaces().resolve(plan.task().taskId());
        new NetworkNamespace(path).remove();
        TaskNamespace.Wiring wiring = here -> {
            for (TaskPlan.Wire wire : plan.wires()) {
                OverlayBridge bridge = preparation.bridges().get(wire.networkId());
                if (bridge != null) {
                    bridge.connect(plan.port(), wire.device(), wire.address().address(), here);
                }
            }
            if (plan.outside().isPresent()) {
                gateway.connect(
                        plan.port(), plan.outsideDevice(), plan.outside().get().address(), here);
            }
        };
        return TaskNamespace.make(path, plan, wiring, wayOut(plan));
    }

    private void finish(TaskPlan plan, TaskNamespace inside) throws IOException {
        lock.lock();
        try {
            tasks.welcome(plan, inside, false);
            if (state.isPresent()) {
                tasks.matchNames(state.get());
                tasks.matchServices(state.get(), plan.task().taskId());
                tasks.matchEntries(state.get(), new ArrayList<>());
            }
            if (!plan.task().hostPorts().isEmpty()) {
                matchPorts(new ArrayList<>());
            }
        } finally {
            lock.unlock();
        }
    }

    private Optional<TaskNamespace.WayOut> wayOut(TaskPlan plan) {
        if (plan.outside().isPresent()) {
            return Optional.of(new TaskNamespace.WayOut(gateway.own().address(), plan.outsideDevice(), false, answers));
        }
        return state.flatMap(NetworkState::ingress)
                .filter(overlay -> plan.wireIn(overlay.id()).isPresent())
                .flatMap(Overlay::hostAddress)
                .map(own -> new TaskNamespace.WayOut(Cidr.of(own).address(), "eth0", true, answers));
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
            Optional<TaskPlan> plan = tasks.find(taskId);
            if (plan.isPresent()) {
                forget(plan.get());
                tasks.cutDeadEndpoints(state, netfilter);
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
                Optional<OverlayBridge> bridge = overlays.find(wire.networkId());
                if (bridge.isPresent()) {
                    bridge.get().disconnect(plan.port());
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
        tasks.leave(plan.task().taskId());
        plan.outside().ifPresent(outside -> gateway.giveBack(outside.address()));
        removeFiles(plan.task().taskId());
        if (!plan.task().hostPorts().isEmpty()) {
            matchPorts(new ArrayList<>());
        }
    }

    private void removeFiles(String taskId) throws IOException {
        new NetworkNamespace(place.namespaces().resolve(taskId)).remove();
        Files.deleteIfExists(place.plans().resolve(taskId));
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
                        removeFiles(file.getFileName().toString());
                    }
                }
            }
            strays.sweep(overlays, gateway, tasks.plans());
        } finally {
            lock.unlock();
        }
    }

    /// Removes everything of ours from the kernel, as when this node leaves the cluster.
    public void clear() throws IOException {
        lock.lock();
        try {
            sweep(Set.of());
            strays.clear(overlays, gateway);
            ordered = Optional.empty();
            state = Optional.empty();
            watch.watch(Set.of());
            adopted = false;
            ports.clear();
            overlays.clear();
            gateway.remove();
            settings.restore();
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
                notices;
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
