package io.panal.core.manager.dispatcher;

import io.panal.core.agent.Report;
import io.panal.core.manager.ManagerEffect;
import io.panal.core.manager.ManagerEvent.Reported;
import io.panal.core.manager.ManagerEvent.SessionOpened;
import io.panal.core.manager.endpoints.Endpoints;
import io.panal.core.manager.turn.Limits;
import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.model.TaskStatus;
import io.panal.core.store.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;

/// Who is heard of: sessions, heartbeats, reports; and what each node was told last.
public final class Dispatcher {
    /// What a committed batch may change of the nodes' orders.
    ///
    /// @param everyNode when something changed that all nodes are told
    public record Concern(NavigableSet<Id<Node>> nodes, NavigableSet<Id<Network>> networks, boolean everyNode) {}

    private static final String SILENT = "heartbeat failure";

    private final Limits limits;
    private final Instant began;
    private final NavigableMap<Id<Node>, Session> sessions = new TreeMap<>();
    private final NavigableMap<Id<Node>, Instant> lastHeard = new TreeMap<>();
    private final NavigableMap<Id<Node>, SessionOpened> arrivals = new TreeMap<>();
    private final Deque<Reported> reports = new ArrayDeque<>();
    private final List<SessionOpened> arrivalsTaken = new ArrayList<>();
    private final List<Reported> reportsTaken = new ArrayList<>();
    private final List<ManagerEffect> partings = new ArrayList<>();
    private final Endpoints endpoints = new Endpoints();
    private int waiting;

    /// @param began when this node took the lead: no node was silent before
    public Dispatcher(Limits limits, Instant began) {
        this.limits = limits;
        this.began = began;
    }

    public void opened(SessionOpened event, Instant now) {
        sessions.put(event.node(), new Session(event.session()));
        lastHeard.put(event.node(), now);
        arrivals.put(event.node(), event);
    }

    public void closed(Id<Node> node, String session) {
        if (isCurrent(node, session)) {
            sessions.remove(node);
        }
    }

    public void beaten(Id<Node> node, String session, Instant now) {
        if (isCurrent(node, session)) {
            lastHeard.put(node, now);
        }
    }

    public void reported(Reported event, Instant now) {
        if (!isCurrent(event.node(), event.session())) {
            return;
        }
        lastHeard.put(event.node(), now);
        if (waiting >= limits.waitingReports()) {
            part(event.node(), "%d reports wait already: say it again later".formatted(waiting));
            return;
        }
        reports.add(event);
        waiting += event.reports().size();
    }

    /// The node is to come back with a new session.
    private void part(Id<Node> node, String why) {
        Optional.ofNullable(sessions.remove(node))
                .ifPresent(session -> partings.add(new ManagerEffect.EndSession(node, session.name(), why)));
    }

    private boolean isCurrent(Id<Node> node, String session) {
        return Optional.ofNullable(sessions.get(node))
                .filter(known -> known.name().equals(session))
                .isPresent();
    }

    public boolean isIdle() {
        return arrivals.isEmpty() && reports.isEmpty();
    }

    /// Brings into the draft what was heard, and who was not heard of.
    public void reconcile(Turn turn) {
        forgetTaken();
        arrivalsTaken.addAll(arrivals.values());
        for (SessionOpened arrival : arrivals.values()) {
            turn.view().nodes().find(arrival.node()).ifPresent(node -> {
                Node registered = node.registered(arrival.description(), arrival.address());
                if (!registered.equals(node)) {
                    turn.put(registered);
                }
            });
        }
        arrivals.clear();
        while (!reports.isEmpty() && !turn.isFull()) {
            Reported heard = reports.remove();
            reportsTaken.add(heard);
            waiting -= heard.reports().size();
            heard.reports().forEach(report -> see(heard.node(), report, turn));
        }
        Duration grace = grace(turn.view());
        for (Node node : List.copyOf(turn.view().nodes().all())) {
            if (node.status().state() != Node.State.DOWN
                    && !deadline(node, grace).isAfter(turn.now())) {
                turn.put(node.heard(Node.State.DOWN, SILENT));
                part(node.id(), SILENT);
            } else if (node.status().state() == Node.State.DOWN) {
                orphan(node, turn);
            }
        }
    }

    /// What the last turn took in is in the state.
    public void forgetTaken() {
        arrivalsTaken.clear();
        reportsTaken.clear();
    }

    /// What the last turn took in may not be in the state: nodes do not say it twice, so it is taken in once more.
    public void takeAgain() {
        for (SessionOpened arrival : arrivalsTaken) {
            arrivals.putIfAbsent(arrival.node(), arrival);
        }
        for (Reported heard : reportsTaken.reversed()) {
            reports.addFirst(heard);
            waiting += heard.reports().size();
        }
        forgetTaken();
    }

    private static void see(Id<Node> node, Report report, Turn turn) {
        Optional<Task> task = turn.view()
                .tasks()
                .find(report.task())
                .filter(own -> own.nodeId().filter(node::equals).isPresent() && own.isAssigned());
        task.ifPresent(known -> {
            Task seen = known.seen(inOurTime(report.status(), known, turn.now()));
            if (!isSame(seen.status(), known.status())) {
                turn.put(seen);
            }
        });
    }

    /// A node's clock may be anywhere: what it saw was after what we know, and before now.
    private static TaskStatus inOurTime(TaskStatus news, Task known, Instant now) {
        Instant earliest = known.status().timestamp();
        Instant told = news.timestamp().isBefore(earliest) ? earliest : news.timestamp();
        return news.observedAt(told.isAfter(now) ? now : told);
    }

    /// Whether only the time differs, which is no news.
    private static boolean isSame(TaskStatus one, TaskStatus other) {
        return one.state() == other.state()
                && one.message().equals(other.message())
                && one.err().equals(other.err())
                && one.containerStatus().equals(other.containerStatus())
                && one.portStatus().equals(other.portStatus());
    }

    private Duration grace(View view) {
        return Orders.heartbeat(view).multipliedBy(limits.beatsMissed());
    }

    private Instant deadline(Node node, Duration grace) {
        Instant heard = lastHeard.getOrDefault(node.id(), began);
        Instant since =
                heard.isAfter(node.meta().createdAt()) ? heard : node.meta().createdAt();
        return since.plus(grace);
    }

    private void orphan(Node node, Turn turn) {
        if (node.meta().updatedAt().plus(limits.orphanedAfter()).isAfter(turn.now())) {
            return;
        }
        for (Task task : List.copyOf(turn.view().tasksOn(node.id()))) {
            if (!task.isEnded() && task.isAssigned()) {
                turn.put(task.seen(TaskStatus.of(
                        turn.now(), TaskState.ORPHANED, "task belonged to a node that was down too long")));
            }
        }
    }

    /// When the next node is overdue, or given up.
    public Optional<Instant> overdueAt(View view) {
        Optional<Instant> first = Optional.empty();
        Duration grace = grace(view);
        for (Node node : view.nodes().all()) {
            boolean isDown = node.status().state() == Node.State.DOWN;
            boolean isEmpty =
                    isDown && view.tasksOn(node.id()).stream().noneMatch(task -> task.isAssigned() && !task.isEnded());
            if (!isEmpty) {
                Instant at = isDown ? node.meta().updatedAt().plus(limits.orphanedAfter()) : deadline(node, grace);
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
        stale(endpoints.changed(concern.networks(), view));
        stale(concern.nodes());
        if (concern.everyNode()) {
            sessions.values().forEach(Session::stale);
        }
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
            session.tell(Orders.of(node.get(), view, endpoints, now, limits.farewell()), now)
                    .map(orders -> new ManagerEffect.Assign(entry.getKey(), session.name(), orders))
                    .ifPresent(effects::add);
        }
        strangers.forEach(sessions::remove);
        return effects;
    }
}
