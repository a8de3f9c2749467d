package io.panal.node.swarm;

import io.panal.core.api.Standing;
import io.panal.core.manager.control.Answers;
import io.panal.node.engine.Swarm;
import java.util.List;

/// What `docker info` says of this node's place in a swarm.
final class Memberships {
    private Memberships() {}

    static Swarm.Membership of(Place place) {
        return place.inside()
                .map(Memberships::inside)
                .or(() -> place.pending().map(Memberships::pending))
                .or(() -> place.locked().map(Memberships::locked))
                .orElseGet(Swarm.Membership::none);
    }

    /// What this node was before a restart, and is about to be again.
    static Swarm.Membership remembered(Place place) {
        return place.remembered()
                .map(seat -> new Swarm.Membership(
                        seat.nodeId(),
                        Addresses.hostOf(seat.advertiseAddress()),
                        "active",
                        seat.manager(),
                        "",
                        unknown(seat.managers())))
                .orElseGet(Swarm.Membership::none);
    }

    private static Swarm.Membership locked(SeatFile.Seat seat) {
        return new Swarm.Membership(
                "",
                Addresses.hostOf(seat.advertiseAddress()),
                "locked",
                false,
                new Standing.Locked().refusal().orElseThrow(),
                List.of());
    }

    private static Swarm.Membership inside(InSwarm now) {
        String trouble = now.manager()
                .filter(manager -> manager.leader().isEmpty())
                .map(manager -> manager.halted().orElse(Answers.NO_LEADER.why()))
                .orElse("");
        return new Swarm.Membership(
                now.nodeId().value(),
                Addresses.hostOf(now.seat().advertiseAddress()),
                "active",
                now.manager().isPresent(),
                trouble,
                peers(now));
    }

    private static Swarm.Membership pending(SeatFile.Seat seat) {
        return new Swarm.Membership(
                "", Addresses.hostOf(seat.advertiseAddress()), "pending", false, "", unknown(seat.managers()));
    }

    private static List<Swarm.Peer> peers(InSwarm now) {
        return now.manager()
                .map(manager -> manager.view().nodes().all().stream()
                        .flatMap(node -> node.managerAddress().stream()
                                .map(address -> new Swarm.Peer(node.id().value(), address)))
                        .toList())
                .filter(known -> !known.isEmpty())
                .orElseGet(() -> unknown(now.managers()));
    }

    private static List<Swarm.Peer> unknown(List<String> addresses) {
        return addresses.stream().map(address -> new Swarm.Peer("", address)).toList();
    }
}
