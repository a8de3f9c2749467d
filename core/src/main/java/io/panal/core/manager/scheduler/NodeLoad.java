package io.panal.core.manager.scheduler;

import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.PortConfig;
import io.panal.core.model.Revision;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.model.TaskSpec;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// What runs on a node while a turn schedules: built once from the state, kept up with each choice.
final class NodeLoad {
    private final Node node;
    private long freeNanoCpus;
    private long freeMemoryBytes;
    private final NavigableMap<String, Long> freeGeneric;
    private int tasks;
    private final NavigableMap<Id<Service>, Integer> replicas = new TreeMap<>();
    private final NavigableMap<Id<Revision>, Integer> failures = new TreeMap<>();
    private final NavigableSet<String> hostPorts = new TreeSet<>();

    NodeLoad(Node node) {
        this.node = node;
        TaskSpec.Resources own =
                node.description().map(Node.Description::resources).orElse(new TaskSpec.Resources(0, 0, List.of()));
        this.freeNanoCpus = own.nanoCpus();
        this.freeMemoryBytes = own.memoryBytes();
        this.freeGeneric = Need.counted(own.genericResources());
    }

    Node node() {
        return node;
    }

    int tasks() {
        return tasks;
    }

    int replicasOf(Id<Service> service) {
        return replicas.getOrDefault(service, 0);
    }

    int failuresOf(Id<Revision> revision) {
        return failures.getOrDefault(revision, 0);
    }

    /// A task that is there already: it holds what it reserved until it has ended.
    void holds(Task task, Need need) {
        if (task.isWanted()) {
            tasks++;
            replicas.merge(task.serviceId(), 1, Integer::sum);
        }
        reserve(need);
    }

    void failed(Task task) {
        failures.merge(task.origin().revision(), 1, Integer::sum);
    }

    void place(Need need) {
        tasks++;
        replicas.merge(need.service(), 1, Integer::sum);
        reserve(need);
    }

    private void reserve(Need need) {
        freeNanoCpus -= need.nanoCpus();
        freeMemoryBytes -= need.memoryBytes();
        need.generic().forEach((kind, count) -> freeGeneric.merge(kind, -count, Long::sum));
        need.hostPorts().forEach(port -> hostPorts.add(key(port)));
    }

    private static String key(PortConfig port) {
        return port.protocol().word() + port.publishedPort();
    }

    /// The first thing that keeps the need from this node; empty when it fits.
    Optional<Refusal> refusal(Need need) {
        if (!Filters.takesTasks(node)) {
            return Optional.of(Refusal.NOT_AVAILABLE);
        }
        if (need.nanoCpus() > Math.max(0, freeNanoCpus)
                || need.memoryBytes() > Math.max(0, freeMemoryBytes)
                || need.generic().entrySet().stream()
                        .anyMatch(wanted -> wanted.getValue() > freeGeneric.getOrDefault(wanted.getKey(), 0L))) {
            return Optional.of(Refusal.RESOURCES);
        }
        if (!Constraint.allMatch(need.constraints(), node)) {
            return Optional.of(Refusal.CONSTRAINTS);
        }
        if (!Filters.runsOn(need.revision().spec(), node)) {
            return Optional.of(Refusal.PLATFORM);
        }
        if (need.hostPorts().stream().anyMatch(port -> hostPorts.contains(key(port)))) {
            return Optional.of(Refusal.HOST_PORT);
        }
        if (need.maxReplicas() > 0 && replicasOf(need.service()) >= need.maxReplicas()) {
            return Optional.of(Refusal.MAX_REPLICAS);
        }
        return Optional.empty();
    }
}
