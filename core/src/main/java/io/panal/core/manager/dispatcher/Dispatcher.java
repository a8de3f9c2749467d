package io.panal.core.manager.dispatcher;

import io.panal.core.Jumps;
import io.panal.core.manager.ManagerEffect;
import io.panal.core.manager.ManagerEvent.Reported;
import io.panal.core.manager.ManagerEvent.SessionOpened;
import io.panal.core.manager.control.GuestControl;
import io.panal.core.manager.endpoints.Endpoints;
import io.panal.core.manager.turn.Limits;
import io.panal.core.manager.turn.Moment;
import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.model.TaskStatus;
import io.panal.core.store.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Who is heard of: sessions, heartbeats, reports; and what each node was told last.
public final class Dispatcher {
    /// What a committed batch may change of the nodes' orders.
    ///
    /// @param services those that changed, or whose tasks did
    /// @param everyNode when something changed that all nodes are told
    public record Concern(
            NavigableSet<Id<Node>> nodes,
            NavigableSet<Id<Network>> networks,
            NavigableSet<Id<Service>> services,
            boolean everyNode) {}

    private static final String SILENT = "heartbeat failure";

    private final Limits limits;
    private final NavigableMap<Id<Node>, Session> sessions = new TreeMap<>();
    private final NavigableMap<Id<Node>, Instant> lastHeard = new TreeMap<>();
    private final Inbox inbox = new Inbox();
    private final List<ManagerEffect> partings = new ArrayList<>();
    private final Endpoints endpoints = new Endpoints();
    private Instant watched;
    private Instant resumed;
    private Jumps jumps = Jumps.NONE;

    /// @param began when this node took the lead: no node was silent before
    public Dispatcher(Limits limits, Instant began) {
        this.limits = limits;
        this.watched = began;
        this.resumed = began;
    }

    /// To be called at least once in a heartbeat period. After a longer pause, as of a suspended process, nobody was
    /// listening: what was not heard in it counts against no node.
    public void watch(View view, Instant now) {
        if (watched.plus(Orders.heartbeat(view).multipliedBy(2)).isBefore(now)) {
            resumed = now;
        }
        watched = now;
    }

    /// Time has leapt though none went by: who was heard a second ago still was.
    ///
    /// @param all the leaps so far
    public void leapt(Duration by, Jumps all) {
        watched = watched.plus(by);
        resumed = resumed.plus(by);
        lastHeard.replaceAll((_, heard) -> heard.plus(by));
        sessions.values().forEach(session -> session.leapt(by));
        jumps = all;
    }

    public void opened(SessionOpened event, Instant now) {
        sessions.put(event.node(), new Session(event.session()));
        lastHeard.put(event.node(), now);
        inbox.add(event);
    }

    public void closed(Id<Node> node, String session) {
        if (isCurrent(node, session)) {
            sessions.remove(node);
        }
    }

    /// @return whether the session is the node's present one
    public boolean beaten(Id<Node> node, String session, Instant now) {
        boolean isCurrent = isCurrent(node, session);
        if (isCurrent) {
            lastHeard.put(node, now);
        }
        return isCurrent;
    }

    /// A node's kernel is as it was told: tasks that waited for it to let go of them may end.
    public void connected(Id<Node> node, String session, long generation, View view, Instant now) {
        if (!isCurrent(node, session)) {
            return;
        }
        lastHeard.put(node, now);
        Optional.ofNullable(sessions.get(node)).ifPresent(own -> own.acknowledged(generation));
        Departures departures = new Departures(view, endpoints, sessions, limits);
        for (Session each : sessions.values()) {
            boolean goes = each.awaited().stream()
                    .flatMap(task -> view.tasks().find(task).stream())
                    .anyMatch(departures::isOut);
            if (goes) {
                each.stale();
            }
        }
    }

    public void reported(Reported event, Instant now) {
        if (!isCurrent(event.node(), event.session())) {
            return;
        }
        lastHeard.put(event.node(), now);
        if (inbox.waiting() >= limits.waitingReports()) {
            part(event.node(), "%d reports wait already: say it again later".formatted(inbox.waiting()));
        } else {
            inbox.add(event);
        }
    }

    private void part(Id<Node> node, String why) {
        Optional.ofNullable(sessions.remove(node))
                .map(session -> new ManagerEffect.EndSession(node, session.name(), why))
                .ifPresent(partings::add);
    }

    private boolean isCurrent(Id<Node> node, String session) {
        return Optional.ofNullable(sessions.get(node))
                .filter(known -> known.name().equals(session))
                .isPresent();
    }

    public boolean isIdle() {
        return inbox.isEmpty();
    }

    /// Brings into the draft what was heard, and who was not heard of.
    public void reconcile(Turn turn) {
        inbox.reconcile(turn);
        lastHeard
                .keySet()
                .removeIf(known -> !sessions.containsKey(known)
                        && turn.view().nodes().find(known).isEmpty());
        Duration grace = grace(turn.view());
        for (Node node : List.copyOf(turn.view().nodes().all())) {
            if (node.status().state() != Node.State.DOWN
                    && !deadline(node, grace).isAfter(turn.now())) {
                turn.put(node.heard(Node.State.DOWN, SILENT));
                // Should it live after all, it comes back with a new session.
                part(node.id(), SILENT);
            } else if (node.status().state() == Node.State.DOWN) {
                orphan(node, turn);
            }
        }
    }

    /// What the last turn took in is in the state.
    public void forgetTaken() {
        inbox.forgetTaken();
    }

    /// What the last turn took in may not be in the state.
    public void takeAgain() {
        inbox.takeAgain();
    }

    private Duration grace(View view) {
        return Orders.heartbeat(view).multipliedBy(limits.beatsMissed());
    }

    private Instant deadline(Node node, Duration grace) {
        return Stream.of(
                        lastHeard.getOrDefault(node.id(), resumed),
                        resumed,
                        jumps.dated(node.meta().createdAt()))
                .max(Instant::compareTo)
                .orElseThrow()
                .plus(grace);
    }

    private Instant orphanedAt(Node node) {
        return jumps.dated(node.meta().updatedAt()).plus(limits.orphanedAfter());
    }

    private void orphan(Node node, Turn turn) {
        if (orphanedAt(node).isAfter(turn.now())) {
            return;
        }
        for (Task task : List.copyOf(turn.view().tasksOn(node.id()))) {
            if (!task.isEnded() && task.isAssigned()) {
                turn.put(task.seen(TaskStatus.of(
                        turn.now(), TaskState.ORPHANED, "task belonged to a node that was down too long")));
            }
        }
        GuestControl.leave(node.id(), turn);
    }

    /// When the next node is overdue or given up, or the next look is due.
    public Optional<Instant> overdueAt(View view) {
        Optional<Instant> first = Optional.of(watched.plus(Orders.heartbeat(view)));
        Duration grace = grace(view);
        for (Node node : view.nodes().all()) {
            boolean isDown = node.status().state() == Node.State.DOWN;
            boolean isEmpty = isDown
                    && view.guestsOn(node.id()).isEmpty()
                    && view.tasksOn(node.id()).stream().noneMatch(task -> task.isAssigned() && !task.isEnded());
            if (!isEmpty) {
                Instant at = isDown ? orphanedAt(node) : deadline(node, grace);
                first = earlier(first, at);
            }
        }
        return first;
    }

    /// When an order that was held back is to go out.
    public Optional<Instant> ordersAt() {
        Optional<Instant> first = Optional.empty();
        for (Session session : sessions.values()) {
            Optional<Instant> due = session.dueAt(limits.orderSpacing());
            first = due.isEmpty() ? first : earlier(first, due.get());
        }
        return first;
    }

    private static Optional<Instant> earlier(Optional<Instant> known, Instant other) {
        return known.filter(at -> at.isBefore(other)).or(() -> Optional.of(other));
    }

    /// Brings up to date whose orders may differ from what was told.
    public void changed(Concern concern, View view) {
        stale(endpoints.changed(concern.networks(), concern.services(), view));
        stale(concern.nodes());
        if (concern.everyNode()) {
            sessions.values().forEach(Session::stale);
        }
        sessions.values().forEach(session -> session.unconcerned(view.version()));
    }

    private void stale(NavigableSet<Id<Node>> nodes) {
        for (Id<Node> node : nodes) {
            Optional.ofNullable(sessions.get(node)).ifPresent(Session::stale);
        }
    }

    /// All orders may differ: it is not known what has changed.
    public void forgetOrders() {
        endpoints.forget();
        sessions.values().forEach(Session::stale);
    }

    /// Tells every node what differs from what it was told, as of a committed state.
    public List<ManagerEffect> orders(View view, Instant now) {
        List<ManagerEffect> effects = new ArrayList<>(partings);
        partings.clear();
        List<Id<Node>> strangers = new ArrayList<>();
        Departures departures = new Departures(view, endpoints, sessions, limits);
        Moment moment = new Moment(now, jumps);
        for (var entry : sessions.entrySet()) {
            Session session = entry.getValue();
            if (session.dueAt(limits.orderSpacing())
                    .filter(at -> !at.isAfter(now))
                    .isEmpty()) {
                continue;
            }
            Optional<Node> node = view.nodes().find(entry.getKey());
            if (node.isEmpty()) {
                strangers.add(entry.getKey());
                effects.add(new ManagerEffect.EndSession(
                        entry.getKey(), session.name(), "node %s is not of this swarm".formatted(entry.getKey())));
                continue;
            }
            // Its registration is under way: it is told when the state has it, which makes its orders stale.
            if (node.get().status().state() != Node.State.READY) {
                session.registering();
                continue;
            }
            Orders.Due due = Orders.of(node.get(), view, endpoints, now, task -> departures.end(task, session, moment));
            session.tell(due, view.version(), now)
                    .map(orders -> new ManagerEffect.Assign(entry.getKey(), session.name(), orders))
                    .ifPresent(effects::add);
        }
        strangers.forEach(sessions::remove);
        return effects;
    }
}
