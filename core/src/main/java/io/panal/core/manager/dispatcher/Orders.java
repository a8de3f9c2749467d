package io.panal.core.manager.dispatcher;

import io.panal.core.agent.Assignment;
import io.panal.core.agent.Assignments;
import io.panal.core.manager.endpoints.Endpoints;
import io.panal.core.model.Cluster;
import io.panal.core.model.ContainerSpec;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.Revision;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.store.View;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/// What a node is told, worked out from the state.
final class Orders {
    private static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(5);

    /// A shorter period, though asked for, would keep every node busy and call it down for a hiccup.
    private static final Duration SHORTEST_HEARTBEAT = Duration.ofMillis(500);

    private Orders() {}

    static Duration heartbeat(View view) {
        return view.cluster()
                .map(Cluster::spec)
                .flatMap(spec -> spec.dispatcher().heartbeatPeriod())
                .filter(period -> period.isPositive())
                .map(period -> period.compareTo(SHORTEST_HEARTBEAT) < 0 ? SHORTEST_HEARTBEAT : period)
                .orElse(DEFAULT_HEARTBEAT);
    }

    /// @param leaving the node's tasks that are to end and have others to take their connections over
    /// @param again when they are to be worked out anew though nothing happens
    record Due(Assignments assignments, Set<Id<Task>> leaving, Optional<Instant> again) {}

    /// @param kept until when each of the node's tasks that are to end goes on
    static Due of(Node node, View view, Endpoints endpoints, Instant now, Function<Task, Instant> kept) {
        NavigableSet<Id<Task>> leaving = new TreeSet<>();
        NavigableSet<Id<Task>> staying = new TreeSet<>();
        Optional<Instant> again = Optional.empty();
        for (Task task : view.tasksOn(node.id())) {
            if (isLeaving(task, view)) {
                leaving.add(task.id());
                Instant end = kept.apply(task);
                if (end.isAfter(now)) {
                    staying.add(task.id());
                    again = again.filter(known -> known.isBefore(end)).or(() -> Optional.of(end));
                }
            }
        }
        return new Due(of(node, view, endpoints, staying), leaving, again);
    }

    /// Whether others of its service take over the connections of a task that is to end.
    private static boolean isLeaving(Task task, View view) {
        return !task.isWanted()
                && task.status().state() == TaskState.RUNNING
                && task.networksAttachments().stream()
                        .anyMatch(own -> !own.addresses().isEmpty())
                && view.services().find(task.serviceId()).isPresent();
    }

    /// @param staying tasks that are to end, but not yet
    private static Assignments of(Node node, View view, Endpoints endpoints, NavigableSet<Id<Task>> staying) {
        List<Assignment> tasks = view.tasksOn(node.id()).stream()
                .filter(task -> task.isAssigned() && task.status().state() != TaskState.ORPHANED)
                .map(task -> assignment(task, staying.contains(task.id()) ? TaskState.RUNNING : desired(task), view))
                .toList();
        List<String> managers = view.nodes().all().stream()
                .flatMap(other -> other.managerAddress().stream())
                .toList();
        return new Assignments(
                0,
                tasks,
                endpoints.of(node, view),
                managers,
                heartbeat(view),
                node.spec().role(),
                view.cluster().map(Cluster::authority).map(Orders::trust).orElse(Assignments.Trust.UNSAID));
    }

    private static Assignments.Trust trust(Cluster.Authority authority) {
        return new Assignments.Trust(
                authority.caCertificate(), authority.wanted().certIssuerPublicKey());
    }

    private static Assignment assignment(Task task, TaskState desired, View view) {
        Revision revision = view.revisionOf(task);
        Optional<Service> service = view.services().find(task.serviceId());
        return new Assignment(
                task.id(),
                task.origin().slot(),
                desired,
                new Assignment.ServiceIdentity(
                        task.serviceId(),
                        service.map(known -> known.spec().name())
                                .orElse(task.serviceId().value()),
                        service.map(known -> known.spec().labels()).orElse(Map.of())),
                revision.spec(),
                revision.hostPorts(),
                task.networksAttachments(),
                task.networksAttachments().stream()
                        .anyMatch(own -> view.networks()
                                .find(own.network())
                                .filter(network -> network.spec().ingress())
                                .isPresent()),
                task.networksAttachments().stream()
                        .anyMatch(own -> view.networks()
                                .find(own.network())
                                .filter(network -> network.spec().driver().equals("host"))
                                .isPresent()),
                task.isLive() ? files(revision, view) : Map.of(),
                revision.registryAuth());
    }

    /// A node knows of no jobs: what is to complete is to run. What has ended stays ended.
    private static TaskState desired(Task task) {
        if (task.desiredState() == TaskState.COMPLETE) {
            return task.isEnded() ? TaskState.SHUTDOWN : TaskState.RUNNING;
        }
        return task.isEnded() && task.isWanted() ? TaskState.SHUTDOWN : task.desiredState();
    }

    private static Map<String, String> files(Revision revision, View view) {
        NavigableMap<String, String> files = new TreeMap<>();
        Optional<ContainerSpec> container = revision.spec().containerSpec();
        for (var reference : container.map(ContainerSpec::secrets).orElse(List.of())) {
            view.secrets()
                    .find(new Id<>(reference.secretId()))
                    .ifPresent(secret ->
                            files.put(reference.secretId(), secret.spec().data()));
        }
        for (var reference : container.map(ContainerSpec::configs).orElse(List.of())) {
            view.configs()
                    .find(new Id<>(reference.configId()))
                    .ifPresent(config ->
                            files.put(reference.configId(), config.spec().data()));
        }
        return files;
    }
}
