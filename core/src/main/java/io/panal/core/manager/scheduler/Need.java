package io.panal.core.manager.scheduler;

import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.PortConfig;
import io.panal.core.model.Revision;
import io.panal.core.model.Service;
import io.panal.core.model.TaskSpec;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// What the tasks of a revision ask of a node.
///
/// @param nanoCpus billionths of a core; 0 asks for nothing
/// @param memoryBytes 0 asks for nothing
/// @param generic other things by their kind, counted
/// @param maxReplicas of the service on one node; 0 is no limit
/// @param hostPorts those with a fixed number
record Need(
        Id<Service> service,
        Revision revision,
        long nanoCpus,
        long memoryBytes,
        NavigableMap<String, Long> generic,
        List<Constraint> constraints,
        long maxReplicas,
        List<PortConfig> hostPorts) {

    static Need of(Revision revision) {
        TaskSpec spec = revision.spec();
        TaskSpec.Resources reserved = spec.resources()
                .flatMap(TaskSpec.ResourceRequirements::reservations)
                .orElse(new TaskSpec.Resources(0, 0, List.of()));
        return new Need(
                revision.serviceId(),
                revision,
                reserved.nanoCpus(),
                reserved.memoryBytes(),
                counted(reserved.genericResources()),
                Constraint.of(spec),
                spec.placement().map(TaskSpec.Placement::maxReplicas).orElse(0L),
                revision.hostPorts().stream()
                        .filter(port -> port.publishedPort() != 0)
                        .toList());
    }

    static NavigableMap<String, Long> counted(List<TaskSpec.GenericResource> resources) {
        NavigableMap<String, Long> counts = new TreeMap<>();
        for (TaskSpec.GenericResource resource : resources) {
            resource.namedResourceSpec().ifPresent(named -> counts.merge(named.kind(), 1L, Long::sum));
            resource.discreteResourceSpec()
                    .ifPresent(counted -> counts.merge(counted.kind(), counted.value(), Long::sum));
        }
        return counts;
    }

    /// What holds of a node whatever runs on it.
    boolean suits(Node node) {
        return Filters.takesTasks(node)
                && Constraint.allMatch(constraints, node)
                && Filters.runsOn(revision.spec(), node);
    }
}
