package io.panal.core.agent;

import io.panal.core.agent.NetworkOrders.Balanced;
import io.panal.core.agent.NetworkOrders.Overlay;
import io.panal.core.agent.NetworkOrders.Peer;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// What differs between two sets of orders for a node, so that a change costs what it changes and not what there is.
///
/// Only the way from the leader to the node knows of it: both ends have the full sets.
///
/// @param since the generation that it is to be put on
/// @param rest the later set without its tasks, and without the endpoints and services of its overlays
/// @param overlays those in which something changed
public record OrderChanges(
        long since, Assignments rest, Difference<Assignment, Id<Task>> tasks, List<Members> overlays) {
    public OrderChanges {
        overlays = List.copyOf(overlays);
    }

    /// What changed in one overlay.
    public record Members(
            Id<Network> network, Difference<Peer, String> peers, Difference<Balanced, Id<Service>> services) {
        private boolean isEmpty() {
            return peers.isEmpty() && services.isEmpty();
        }
    }

    static OrderChanges between(Assignments former, Assignments next) {
        Map<Id<Network>, Overlay> known = overlays(former);
        List<Members> overlays = new ArrayList<>();
        for (Overlay overlay : next.network().overlays()) {
            Overlay before = known.getOrDefault(overlay.id(), bare(overlay));
            Members members = new Members(
                    overlay.id(),
                    Difference.between(before.peers(), overlay.peers(), Peer::ip),
                    Difference.between(before.services(), overlay.services(), Balanced::id));
            if (!members.isEmpty()) {
                overlays.add(members);
            }
        }
        return new OrderChanges(
                former.generation(),
                with(next, List.of(), OrderChanges::bare),
                Difference.between(former.tasks(), next.tasks(), Assignment::task),
                overlays);
    }

    /// The set that was told, from the one before it.
    Assignments on(Assignments former) {
        Map<Id<Network>, Overlay> known = overlays(former);
        Map<Id<Network>, Members> changed = new TreeMap<>();
        overlays.forEach(members -> changed.put(members.network(), members));
        return with(rest, tasks.on(former.tasks(), Assignment::task), overlay -> {
            Overlay before = known.getOrDefault(overlay.id(), overlay);
            Members members = changed.get(overlay.id());
            return members == null
                    ? overlay.with(before.peers(), before.services())
                    : overlay.with(
                            members.peers().on(before.peers(), Peer::ip),
                            members.services().on(before.services(), Balanced::id));
        });
    }

    private static Map<Id<Network>, Overlay> overlays(Assignments orders) {
        Map<Id<Network>, Overlay> overlays = new TreeMap<>();
        orders.network().overlays().forEach(overlay -> overlays.put(overlay.id(), overlay));
        return overlays;
    }

    private static Overlay bare(Overlay overlay) {
        return overlay.with(List.of(), List.of());
    }

    private static Assignments with(Assignments orders, List<Assignment> tasks, Function<Overlay, Overlay> overlays) {
        NetworkOrders network = orders.network();
        return new Assignments(
                orders.generation(),
                tasks,
                new NetworkOrders(
                        network.nodeAddress(),
                        network.dataPathPort(),
                        network.overlays().stream().map(overlays).toList(),
                        network.guests(),
                        network.visited()),
                orders.managers(),
                orders.heartbeat(),
                orders.role(),
                orders.trust());
    }
}
