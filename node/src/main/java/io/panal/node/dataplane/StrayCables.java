package io.panal.node.dataplane;

import io.panal.node.kernel.Links;
import io.panal.node.time.Stopwatch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Cables of no task: their namespace has not ended yet, or will not, as a process still lives in it.
///
/// They get a while, since the kernel removes a dead namespace's cables many at a time, and one by one for us.
final class StrayCables {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /// To look at all cables costs more with each of them, and orders come many in a second while tasks start.
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Map<String, Stopwatch> firstSeen = new HashMap<>();
    private Optional<Stopwatch> sinceLook = Optional.empty();

    /// Removes those that have been there for a while.
    void sweep(Overlays overlays, List<BridgeDevice> bridges, List<TaskPlan> plans) throws IOException {
        if (sinceLook.filter(since -> !since.hasReached(BETWEEN_LOOKS)).isEmpty()) {
            sinceLook = Optional.of(Stopwatch.started());
            sweep(overlays, bridges, plans, PATIENCE);
        }
    }

    /// Removes all of them now.
    ///
    /// @param plans of those that stay
    void clear(Overlays overlays, List<BridgeDevice> bridges, List<TaskPlan> plans) throws IOException {
        sweep(overlays, bridges, plans, Duration.ZERO);
    }

    private void sweep(Overlays overlays, List<BridgeDevice> bridges, List<TaskPlan> plans, Duration patience)
            throws IOException {
        Set<String> known = new HashSet<>(Set.of(Overlays.INGRESS_PORT));
        plans.forEach(plan -> known.addAll(plan.ports()));
        Set<String> seen = new HashSet<>();
        for (OverlayBridge bridge : overlays.all()) {
            List<Links.Link> strays = unknown(bridge.ports(), known);
            bridge.disconnect(overdue(strays, patience));
            strays.forEach(stray -> seen.add(stray.name()));
        }
        for (BridgeDevice bridge : bridges) {
            List<Links.Link> strays = unknown(bridge.ports(), known).stream()
                    .filter(port -> TaskPlan.isPort(port.name()))
                    .toList();
            bridge.disconnect(overdue(strays, patience));
            strays.forEach(stray -> seen.add(stray.name()));
        }
        firstSeen.keySet().retainAll(seen);
    }

    private static List<Links.Link> unknown(List<Links.Link> ports, Set<String> known) {
        return ports.stream().filter(port -> !known.contains(port.name())).toList();
    }

    private List<Links.Link> overdue(List<Links.Link> strays, Duration patience) {
        List<Links.Link> overdue = new ArrayList<>();
        for (Links.Link stray : strays) {
            if (firstSeen
                    .computeIfAbsent(stray.name(), _ -> Stopwatch.started())
                    .hasReached(patience)) {
                overdue.add(stray);
            }
        }
        return overdue;
    }
}
