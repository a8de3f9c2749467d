package io.panal.core.manager.dispatcher;

import io.panal.core.agent.Report;
import io.panal.core.manager.ManagerEvent.Reported;
import io.panal.core.manager.ManagerEvent.SessionOpened;
import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.Task;
import io.panal.core.model.TaskStatus;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// What nodes said that is not in the state yet: nodes say nothing twice, so it is kept until it is committed.
final class Inbox {
    private final NavigableMap<Id<Node>, SessionOpened> arrivals = new TreeMap<>();
    private final Deque<Reported> reports = new ArrayDeque<>();
    private final List<SessionOpened> arrivalsTaken = new ArrayList<>();
    private final List<Reported> reportsTaken = new ArrayList<>();
    private int waiting;

    void add(SessionOpened arrival) {
        arrivals.put(arrival.node(), arrival);
    }

    void add(Reported heard) {
        reports.add(heard);
        waiting += heard.reports().size();
    }

    /// How many reports wait.
    int waiting() {
        return waiting;
    }

    boolean isEmpty() {
        return arrivals.isEmpty() && reports.isEmpty();
    }

    /// Brings into the draft as much as it takes.
    void reconcile(Turn turn) {
        forgetTaken();
        arrivalsTaken.addAll(arrivals.values());
        arrivals.values().forEach(arrival -> register(arrival, turn));
        arrivals.clear();
        while (!reports.isEmpty() && !turn.isFull()) {
            Reported heard = reports.remove();
            int taken = 0;
            while (taken < heard.reports().size() && !turn.isFull()) {
                see(heard.node(), heard.reports().get(taken++), turn);
            }
            waiting -= taken;
            reportsTaken.add(part(heard, 0, taken));
            if (taken < heard.reports().size()) {
                reports.addFirst(part(heard, taken, heard.reports().size()));
            }
        }
    }

    private static Reported part(Reported heard, int from, int to) {
        return new Reported(heard.node(), heard.session(), heard.reports().subList(from, to));
    }

    /// What the last turn took is committed.
    void forgetTaken() {
        arrivalsTaken.clear();
        reportsTaken.clear();
    }

    /// What the last turn took may not be in the state: it is taken once more.
    void takeAgain() {
        arrivalsTaken.forEach(arrival -> arrivals.putIfAbsent(arrival.node(), arrival));
        for (Reported heard : reportsTaken.reversed()) {
            reports.addFirst(heard);
            waiting += heard.reports().size();
        }
        forgetTaken();
    }

    private static void register(SessionOpened arrival, Turn turn) {
        turn.view().nodes().find(arrival.node()).ifPresent(node -> {
            Node registered = node.registered(arrival.description(), arrival.address());
            if (!registered.equals(node)) {
                turn.put(registered);
            }
        });
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
}
