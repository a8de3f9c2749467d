package io.panal.node.dataplane;

import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/// Tasks put on their networks and taken off, one after the other but for the kernel's work on new namespaces.
final class Attachments {
    private static final List<Settings.Setting> FORWARDING = List.of(new Settings.Setting("ipv4/ip_forward", "1"));

    private final Dataplane.Place place;
    private final Hardware hardware;
    private final LocalTasks tasks;
    private final AnswerPath answers;
    private final Netlink netfilter;
    private final ReentrantLock lock;
    private Optional<NetworkState> state = Optional.empty();
    private boolean adopted;

    /// What tasks are plugged into.
    record Hardware(Settings settings, GatewayBridge gateway, Bridges bridges, Cables cables, NodePorts ports) {
        /// This host forwards packets.
        void forward(Findings findings) throws IOException {
            settings.match(FORWARDING, true, findings);
        }
    }

    /// @param netfilter a socket for the host's connections
    /// @param lock of the data plane
    Attachments(
            Dataplane.Place place,
            Hardware hardware,
            LocalTasks tasks,
            AnswerPath answers,
            Netlink netfilter,
            ReentrantLock lock) {
        this.place = place;
        this.hardware = hardware;
        this.tasks = tasks;
        this.answers = answers;
        this.netfilter = netfilter;
        this.lock = lock;
    }

    /// Begins from what the kernel holds.
    ///
    /// @param isOfDaemonBefore whether rules of an older daemon are there that hold until a state comes
    void forget(boolean isOfDaemonBefore) {
        state = Optional.empty();
        adopted = isOfDaemonBefore;
    }

    /// From now on this is wanted of the cluster's networks.
    void know(NetworkState wanted) {
        state = Optional.of(wanted);
    }

    Optional<NetworkState> state() {
        return state;
    }

    void matchNames() {
        tasks.matchNames(state, hardware.bridges().wanted());
    }

    void cutDeadEndpoints() {
        tasks.cutDeadEndpoints(state, netfilter);
    }

    /// Until the first state comes, the rules of the daemon before are better than ours.
    boolean isSettled() {
        return state.isPresent() || !adopted;
    }

    void matchPorts(List<String> found) throws IOException {
        if (isSettled()) {
            hardware.ports().match(state, tasks.readyPlans(), tasks.preparing(), found);
        }
    }

    /// Prepares a task's network. A task that has it already keeps it; one that lives and is on bridges alone is taken
    /// off those that it is not to be on any more, and put on the others.
    ///
    /// @throws PortTakenException a host port of it is in use
    /// @throws IOException with a sentence that says why; nothing of it is left behind
    Sandbox attach(TaskNetwork wanted) throws IOException {
        Optional<Sandbox> there = become(wanted);
        if (there.isPresent()) {
            return there.get();
        }
        Preparation preparation = prepare(wanted);
        try {
            finish(preparation.plan(), make(preparation));
        } catch (IOException | RuntimeException failure) {
            undo(preparation.plan());
            throw failure;
        }
        return sandbox(preparation.plan());
    }

    /// Of a task that has a network, if that can be made what is wanted while its processes live in it.
    private Optional<Sandbox> become(TaskNetwork wanted) throws IOException {
        lock.lock();
        try {
            Optional<TaskPlan> now = tasks.find(wanted.taskId());
            if (now.isPresent() && now.get().task().equals(wanted)) {
                return Optional.of(sandbox(now.get()));
            }
            Optional<TaskNamespace> inside = tasks.inside(wanted.taskId());
            if (now.filter(plan -> plan.canBecome(wanted)).isEmpty() || inside.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(sandbox(rewire(now.get(), wanted, inside.get())));
        } finally {
            lock.unlock();
        }
    }

    private TaskPlan rewire(TaskPlan before, TaskNetwork wanted, TaskNamespace inside) throws IOException {
        boolean goesOut = before.outside().isEmpty() && needsOutside(wanted);
        TaskPlan next = before.becoming(
                wanted,
                hardware.bridges()::find,
                goesOut ? Optional.of(hardware.gateway().take()) : before.outside());
        List<TaskPlan.Wire> gone = before.wires().stream()
                .filter(wire -> !next.wires().contains(wire))
                .toList();
        List<TaskPlan.Wire> fresh = next.wires().stream()
                .filter(wire -> !before.wires().contains(wire))
                .toList();
        Map<String, Cables.Socket> sockets = hardware.cables().sockets(next.task());
        hardware.ports().exchange(before.task().hostPorts(), next.task().hostPorts());
        next.writeTo(place.plans().resolve(next.task().taskId()));
        tasks.replan(next);
        try {
            hardware.cables().cut(before, gone);
            TaskNamespace.Wiring wiring = here -> {
                hardware.cables().lay(next, fresh, sockets, here);
                if (goesOut) {
                    hardware.cables().layOutside(next, here);
                }
            };
            inside.rewire(next, wiring, wayOut(next));
            if (state.isPresent()) {
                tasks.matchServices(state.get(), next.task().taskId());
            }
        } catch (IOException | RuntimeException failure) {
            hardware.cables().cut(next, fresh);
            if (goesOut) {
                hardware.cables().cutOutside(next);
                next.outside().ifPresent(taken -> hardware.gateway().giveBack(taken.address()));
            }
            TaskPlan rest = before.without(gone);
            rest.writeTo(place.plans().resolve(rest.task().taskId()));
            tasks.replan(rest);
            throw failure;
        } finally {
            matchNames();
            cutDeadEndpoints();
            matchPorts(new ArrayList<>());
        }
        return next;
    }

    /// The network of a task that has one now.
    Optional<Sandbox> attached(String taskId) {
        lock.lock();
        try {
            return tasks.find(taskId).map(this::sandbox);
        } finally {
            lock.unlock();
        }
    }

    /// What an attach begins with, so that the kernel's work is done without the lock.
    private record Preparation(TaskPlan plan, Map<String, Cables.Socket> sockets) {}

    private Preparation prepare(TaskNetwork wanted) throws IOException {
        lock.lock();
        try {
            detach(wanted.taskId());
            Map<String, Cables.Socket> sockets = hardware.cables().sockets(wanted);
            TaskPlan plan = plan(wanted);
            tasks.prepare(plan);
            plan.writeTo(place.plans().resolve(wanted.taskId()));
            return new Preparation(plan, sockets);
        } finally {
            lock.unlock();
        }
    }

    private TaskPlan plan(TaskNetwork wanted) throws IOException {
        boolean outside = needsOutside(wanted);
        if (outside && state.isEmpty()) {
            hardware.forward(Findings.ordered());
            hardware.gateway().match(List.of(), Findings.ordered());
            matchPorts(new ArrayList<>());
        }
        hardware.ports().reserve(wanted.hostPorts());
        return TaskPlan.of(
                wanted,
                ingressId(),
                hardware.bridges()::find,
                outside ? Optional.of(hardware.gateway().take()) : Optional.empty());
    }

    private Optional<String> ingressId() {
        return state.flatMap(NetworkState::ingress).map(Overlay::id);
    }

    /// Whether it goes outside by the gateway bridge, as no network of it leads there.
    private boolean needsOutside(TaskNetwork wanted) {
        Optional<String> ingressId = ingressId();
        boolean throughIngress =
                wanted.attachments().stream().anyMatch(each -> ingressId.equals(Optional.of(each.networkId())));
        boolean isOnBridge = wanted.attachments().stream()
                .anyMatch(each -> hardware.bridges().find(each.networkId()).isPresent());
        return (wanted.gateway() || !wanted.hostPorts().isEmpty()) && !throughIngress && !isOnBridge;
    }

    /// Takes containers that users run off all overlays; they live on.
    void cutOverlays() throws IOException {
        for (TaskPlan plan : tasks.readyPlans()) {
            Set<String> overlays = plan.wires().stream()
                    .filter(wire -> wire.bridged().isEmpty())
                    .map(TaskPlan.Wire::networkId)
                    .collect(Collectors.toSet());
            if (plan.task().isPlain() && !overlays.isEmpty()) {
                var _ = attach(plan.task().without(overlays));
            }
        }
    }

    private TaskNamespace make(Preparation preparation) throws IOException {
        TaskPlan plan = preparation.plan();
        Path path = place.namespaces().resolve(plan.task().taskId());
        new NetworkNamespace(path).remove();
        TaskNamespace.Wiring wiring = here -> {
            hardware.cables().lay(plan, plan.wires(), preparation.sockets(), here);
            hardware.cables().layOutside(plan, here);
        };
        return TaskNamespace.make(path, plan, wiring, wayOut(plan));
    }

    private void finish(TaskPlan plan, TaskNamespace inside) throws IOException {
        lock.lock();
        try {
            tasks.welcome(plan, inside, false);
            matchNames();
            if (state.isPresent()) {
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

    Optional<TaskNamespace.WayOut> wayOut(TaskPlan plan) {
        if (plan.outside().isPresent()) {
            TaskPlan.Hop hop = new TaskPlan.Hop(hardware.gateway().own().address(), plan.outsideDevice());
            return Optional.of(new TaskNamespace.WayOut(List.of(hop), false, answers));
        }
        List<TaskPlan.Hop> overBridges = plan.hops();
        if (!overBridges.isEmpty()) {
            return Optional.of(new TaskNamespace.WayOut(overBridges, false, answers));
        }
        return state.flatMap(NetworkState::ingress)
                .filter(overlay -> plan.wireIn(overlay.id()).isPresent())
                .flatMap(Overlay::hostAddress)
                .map(own -> new TaskPlan.Hop(Cidr.of(own).address(), "eth0"))
                .map(hop -> new TaskNamespace.WayOut(List.of(hop), true, answers));
    }

    private Sandbox sandbox(TaskPlan plan) {
        return SandboxFiles.sandbox(
                plan,
                place.namespaces().resolve(plan.task().taskId()),
                wayOut(plan),
                place.upstream().values("search"));
    }

    /// Takes a task's network away. Safe to repeat.
    void detach(String taskId) throws IOException {
        lock.lock();
        try {
            Optional<TaskPlan> plan = tasks.find(taskId);
            if (plan.isPresent()) {
                forget(plan.get());
                cutDeadEndpoints();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Takes back what an attach has done so far.
    private void undo(TaskPlan plan) throws IOException {
        lock.lock();
        try {
            hardware.cables().cut(plan);
            forget(plan);
        } finally {
            lock.unlock();
        }
    }

    /// The namespace takes its cables with it when it ends, many at a time and without anyone waiting.
    private void forget(TaskPlan plan) throws IOException {
        tasks.leave(plan.task().taskId());
        plan.outside().ifPresent(outside -> hardware.gateway().giveBack(outside.address()));
        removeFiles(plan.task().taskId());
        if (!plan.task().hostPorts().isEmpty()) {
            matchPorts(new ArrayList<>());
        }
    }

    void removeFiles(String taskId) throws IOException {
        new NetworkNamespace(place.namespaces().resolve(taskId)).remove();
        Files.deleteIfExists(place.plans().resolve(taskId));
    }
}
