package io.panal.core.manager.scheduler;

import io.panal.core.model.TaskSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;

/// The nodes that may take a task of one revision, best first: as even over the preferences' labels as can be, then
/// fewest of the service, then fewest in all, then by id.
///
/// A node where the service failed too often of late comes after those where it did not.
final class Spread {
    /// All nodes with one value of a label, or, below the last preference, the nodes themselves.
    private static final class Branch {
        private final NavigableMap<String, Branch> parts = new TreeMap<>();
        private final PriorityQueue<NodeLoad> nodes;
        private int replicas;

        Branch(Comparator<NodeLoad> order) {
            this.nodes = new PriorityQueue<>(order);
        }
    }

    private final Need need;
    private final List<String> labels;
    private final Comparator<NodeLoad> order;
    private final Branch root;

    Spread(Need need, Collection<NodeLoad> all, int failuresTolerated) {
        this.need = need;
        this.labels = labels(need.revision().spec());
        this.order = Comparator.<NodeLoad>comparingInt(load -> {
                    int failures = load.failuresOf(need.revision().id());
                    return failures < failuresTolerated ? 0 : failures;
                })
                .thenComparingInt(load -> load.replicasOf(need.service()))
                .thenComparingInt(NodeLoad::tasks)
                .thenComparing(load -> load.node().id());
        this.root = new Branch(order);
        all.forEach(this::add);
    }

    private static List<String> labels(TaskSpec spec) {
        return spec.placement().map(TaskSpec.Placement::preferences).orElse(List.of()).stream()
                .flatMap(preference -> preference.spread().stream())
                .map(TaskSpec.Placement.Spread::spreadDescriptor)
                .toList();
    }

    /// Nodes that do not suit count in the balance too, but are never chosen.
    private void add(NodeLoad load) {
        int replicas = load.replicasOf(need.service());
        Branch branch = root;
        branch.replicas += replicas;
        for (String label : labels) {
            branch = branch.parts.computeIfAbsent(value(load, label), _ -> new Branch(order));
            branch.replicas += replicas;
        }
        if (need.suits(load.node())) {
            branch.nodes.add(load);
        }
    }

    private static String value(NodeLoad load, String label) {
        String lower = label.toLowerCase(Locale.ROOT);
        Map<String, String> nodeLabels = load.node().spec().labels();
        Map<String, String> engineLabels =
                load.node().description().map(said -> said.engine().labels()).orElse(Map.of());
        if (lower.startsWith("node.labels.")) {
            return nodeLabels.getOrDefault(label.substring("node.labels.".length()), "");
        }
        return lower.startsWith("engine.labels.")
                ? engineLabels.getOrDefault(label.substring("engine.labels.".length()), "")
                : "";
    }

    /// The best node for one more task, which is then counted there.
    Optional<NodeLoad> take() {
        return take(root);
    }

    private Optional<NodeLoad> take(Branch branch) {
        Optional<NodeLoad> taken = branch.parts.isEmpty() ? takeNode(branch) : takePart(branch);
        taken.ifPresent(_ -> branch.replicas++);
        return taken;
    }

    private Optional<NodeLoad> takePart(Branch branch) {
        List<Branch> byNeed = new ArrayList<>(branch.parts.values());
        byNeed.sort(Comparator.comparingInt(part -> part.replicas));
        for (Branch part : byNeed) {
            Optional<NodeLoad> taken = take(part);
            if (taken.isPresent()) {
                return taken;
            }
        }
        return Optional.empty();
    }

    private Optional<NodeLoad> takeNode(Branch branch) {
        while (true) {
            NodeLoad best = branch.nodes.poll();
            if (best == null) {
                return Optional.empty();
            }
            // One that is full stays so: within a turn tasks only come.
            if (best.refusal(need).isEmpty()) {
                best.place(need);
                branch.nodes.add(best);
                return Optional.of(best);
            }
        }
    }
}
