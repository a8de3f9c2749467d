package io.panal.node.dataplane;

import io.panal.node.kernel.Netlink;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// The tasks on this node as the network knows them, and what each is told of services and names.
final class LocalTasks implements Closeable {
    private final Resolver resolver;
    private final AnswerPath answers;
    private final Map<String, Task> tasks = new LinkedHashMap<>();
    private final Map<String, TaskPlan> preparing = new HashMap<>();
    private final VirtualAddresses services = new VirtualAddresses();
    private final DeadEndpoints deadEndpoints = new DeadEndpoints();
    private Set<Endpoint> lastEndpoints = Set.of();

    LocalTasks(Resolver resolver, AnswerPath answers) {
        this.resolver = resolver;
        this.answers = answers;
    }

    private record Task(TaskPlan plan, TaskNamespace inside, ServiceTable services) {}

    /// The plan of a task that is ready.
    Optional<TaskPlan> find(String taskId) {
        return Optional.ofNullable(tasks.get(taskId)).map(Task::plan);
    }

    /// Of all tasks here, those being made among them.
    List<TaskPlan> plans() {
        return Stream.concat(readyPlans().stream(), preparing.values().stream()).toList();
    }

    List<TaskPlan> readyPlans() {
        return tasks.values().stream().map(Task::plan).toList();
    }

    List<TaskPlan> preparing() {
        return List.copyOf(preparing.values());
    }

    boolean knows(String taskId) {
        return tasks.containsKey(taskId) || preparing.containsKey(taskId);
    }

    void prepare(TaskPlan plan) {
        preparing.put(plan.task().taskId(), plan);
    }

    /// A task is ready.
    ///
    /// @param adopted from another daemon, with whatever that one left in its namespace
    void welcome(TaskPlan plan, TaskNamespace inside, boolean adopted) {
        String id = plan.task().taskId();
        preparing.remove(id);
        tasks.put(id, new Task(plan, inside, new ServiceTable(inside.netfilter(), id.hashCode(), adopted)));
        serve(plan, inside);
    }

    private void serve(TaskPlan plan, TaskNamespace inside) {
        List<String> networks =
                plan.wires().stream().map(TaskPlan.Wire::networkId).toList();
        List<Upstream.Server> servers = plan.task().names().servers().stream()
                .map(address -> new Upstream.Server(address, inside.namespace()))
                .toList();
        resolver.serve(plan.task().taskId(), new Resolver.Asker(inside.names(), networks, servers, plan.reachesOut()));
    }

    /// A task that is ready has another plan now.
    void replan(TaskPlan plan) {
        Task task = tasks.get(plan.task().taskId());
        if (task != null) {
            tasks.put(plan.task().taskId(), new Task(plan, task.inside(), task.services()));
            serve(plan, task.inside());
        }
    }

    Optional<TaskNamespace> inside(String taskId) {
        return Optional.ofNullable(tasks.get(taskId)).map(Task::inside);
    }

    /// Lets go of all that is held in a task's namespace. Safe to repeat.
    void leave(String taskId) throws IOException {
        preparing.remove(taskId);
        resolver.stop(taskId);
        Task task = tasks.remove(taskId);
        if (task != null) {
            task.inside().close();
        }
    }

    /// Whether something in a task's namespace was changed, by anybody, since it was made to match last.
    boolean isTouched() throws IOException {
        boolean touched = false;
        for (Task task : tasks.values()) {
            touched |= task.inside().isTouched();
        }
        return touched;
    }

    /// Makes what is in the tasks' namespaces match; of services' tables only what differs is forgotten, so that
    /// [#matchServices] writes them whole.
    ///
    /// @param wayOut of a task
    void matchInside(Function<TaskPlan, Optional<TaskNamespace.WayOut>> wayOut, List<String> found, Findings findings) {
        for (Task task : tasks.values()) {
            TaskPlan plan = task.plan();
            try {
                if (task.inside().match(plan, wayOut.apply(plan), findings)) {
                    Optional<String> difference = task.services().difference(findings.tables());
                    if (difference.isPresent()
                            && findings.mends(
                                    plan.owner(),
                                    ServiceTable.WHOLE.shown(),
                                    difference.get(),
                                    TableCheck.AS_WRITTEN)) {
                        task.services().forget();
                    }
                }
            } catch (IOException failure) {
                found.add("the network of task %s was not compared: %s"
                        .formatted(plan.task().taskId(), failure.getMessage()));
            }
        }
    }

    void matchNames(Optional<NetworkState> state, List<Bridge> bridges) {
        resolver.know(new NameTable(state.map(NetworkState::overlays).orElse(List.of()), bridges, plans()));
    }

    void matchServices(NetworkState state, List<String> found) {
        Map<String, Map<InetAddress, List<InetAddress>>> byNetwork = services.of(state);
        for (Task task : tasks.values()) {
            try {
                matchServices(byNetwork, task);
            } catch (IOException failure) {
                found.add("services are not reachable for task %s: %s"
                        .formatted(task.plan().task().taskId(), failure.getMessage()));
            }
        }
    }

    /// Tells one task of the virtual addresses that it can reach.
    void matchServices(NetworkState state, String taskId) throws IOException {
        Task task = tasks.get(taskId);
        if (task != null) {
            matchServices(services.of(state), task);
        }
    }

    private static void matchServices(Map<String, Map<InetAddress, List<InetAddress>>> byNetwork, Task task)
            throws IOException {
        List<Map<InetAddress, List<InetAddress>>> reached = task.plan().wires().stream()
                .flatMap(wire -> Optional.ofNullable(byNetwork.get(wire.networkId())).stream())
                .toList();
        if (reached.size() == 1) {
            task.services().match(reached.getFirst());
        } else {
            Map<InetAddress, List<InetAddress>> wanted = new HashMap<>();
            reached.forEach(wanted::putAll);
            task.services().match(wanted);
        }
    }

    /// Tells tasks behind published ports of all nodes that connections can come through ([AnswerPath#ROUTES] only).
    void matchEntries(NetworkState state, List<String> found) {
        if (answers == AnswerPath.HOOK || state.ingress().isEmpty()) {
            return;
        }
        Overlay ingress = state.ingress().get();
        Set<InetAddress> entries = new HashSet<>();
        ingress.hostAddress().ifPresent(own -> entries.add(Cidr.of(own).address()));
        ingress.peers().forEach(peer -> entries.add(InetAddress.ofLiteral(peer.ip())));
        for (Task task : tasks.values()) {
            if (task.plan().wireIn(ingress.id()).isPresent()) {
                try {
                    task.inside().matchEntries(entries);
                } catch (IOException failure) {
                    found.add("published ports do not answer through all nodes for task %s: %s"
                            .formatted(task.plan().task().taskId(), failure.getMessage()));
                }
            }
        }
    }

    /// Connections to endpoints that were there the last time and are gone now are cut: those through the mesh and to
    /// this node's own ports in the host's namespace, those to virtual addresses in the tasks' own.
    ///
    /// @param host a socket for the host's connections
    void cutDeadEndpoints(Optional<NetworkState> state, Netlink host) {
        Set<Endpoint> endpoints = new HashSet<>();
        for (Overlay overlay : state.map(NetworkState::overlays).orElse(List.of())) {
            overlay.peers()
                    .forEach(peer -> endpoints.add(new Endpoint(overlay.id(), InetAddress.ofLiteral(peer.ip()))));
        }
        for (TaskPlan plan : plans()) {
            for (TaskPlan.Wire wire : plan.wires()) {
                String where = wire.bridged().isPresent() ? HostTable.GATEWAY : wire.networkId();
                wire.addresses().forEach(own -> endpoints.add(new Endpoint(where, own.address())));
            }
            plan.outside().ifPresent(outside -> endpoints.add(new Endpoint(HostTable.GATEWAY, outside.address())));
        }
        Set<Endpoint> dead = new HashSet<>(lastEndpoints);
        dead.removeAll(endpoints);
        lastEndpoints = endpoints;
        Optional<String> ingressId = state.flatMap(NetworkState::ingress).map(Overlay::id);
        Map<Netlink, Set<InetAddress>> tables = new HashMap<>();
        for (Endpoint endpoint : dead) {
            if (endpoint.networkId().equals(HostTable.GATEWAY) || ingressId.equals(Optional.of(endpoint.networkId()))) {
                tables.computeIfAbsent(host, _ -> new HashSet<>()).add(endpoint.address());
                continue;
            }
            tasks.values().stream()
                    .filter(task -> task.services().isLaid())
                    .filter(task -> task.plan().wireIn(endpoint.networkId()).isPresent())
                    .forEach(task -> tables.computeIfAbsent(task.inside().netfilter(), _ -> new HashSet<>())
                            .add(endpoint.address()));
        }
        deadEndpoints.cut(tables);
    }

    private record Endpoint(String networkId, InetAddress address) {}

    @Override
    public void close() throws IOException {
        for (Task task : tasks.values()) {
            task.inside().close();
        }
        resolver.close();
    }
}
