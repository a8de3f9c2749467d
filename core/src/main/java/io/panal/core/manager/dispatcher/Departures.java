package io.panal.core.manager.dispatcher;

import io.panal.core.manager.endpoints.Endpoints;
import io.panal.core.manager.turn.Limits;
import io.panal.core.manager.turn.Moment;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Task;
import io.panal.core.store.View;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Until when tasks that are to end go on: no node that may send to them does so any more, or one gave no answer for
/// too long.
///
/// A node that is down is not asked. One that should be there and has no session is waited for, since its kernel may go
/// on sending without its daemon.
final class Departures {
    private final View view;
    private final Endpoints endpoints;
    private final NavigableMap<Id<Node>, Session> sessions;
    private final Limits limits;
    private final NavigableMap<Id<Network>, Long> followed = new TreeMap<>();

    /// As of one state and what is acknowledged of it; for one look, not to be kept.
    Departures(View view, Endpoints endpoints, NavigableMap<Id<Node>, Session> sessions, Limits limits) {
        this.view = view;
        this.endpoints = endpoints;
        this.sessions = sessions;
        this.limits = limits;
    }

    /// @param own the session of the task's node
    Instant end(Task task, Session own, Moment moment) {
        Instant latest = moment.dated(task.meta().updatedAt()).plus(limits.farewellMost());
        if (!isOut(task)) {
            return latest;
        }
        Instant settled = own.out(task.id(), moment.now()).plus(limits.farewell());
        return settled.isBefore(latest) ? settled : latest;
    }

    /// Whether all nodes have acknowledged orders that lead no new connection to the task.
    boolean isOut(Task task) {
        return task.networksAttachments().stream()
                .flatMap(own -> view.networks().find(own.network()).stream())
                .filter(network -> !network.isOfNode())
                .allMatch(
                        network -> followedBy(network) >= task.meta().version().index());
    }

    /// The state that the kernels of all of a network's nodes follow.
    private long followedBy(Network network) {
        return followed.computeIfAbsent(
                network.id(),
                _ -> endpoints.nodesOf(network, view).stream()
                        .filter(this::isThere)
                        .mapToLong(this::followedBy)
                        .min()
                        .orElse(Long.MAX_VALUE));
    }

    private boolean isThere(Id<Node> node) {
        return view.nodes()
                .find(node)
                .filter(known -> known.status().state() == Node.State.READY)
                .isPresent();
    }

    private long followedBy(Id<Node> node) {
        return Optional.ofNullable(sessions.get(node)).map(Session::follows).orElse(-1L);
    }
}
