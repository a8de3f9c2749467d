package io.panal.core.manager;

import io.panal.core.manager.ManagerEvent.Asked;
import io.panal.core.manager.ManagerEvent.Committed;
import io.panal.core.manager.ManagerEvent.Led;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Control;
import io.panal.core.manager.dispatcher.Dispatcher;
import io.panal.core.manager.turn.Agenda;
import io.panal.core.manager.turn.Limits;
import io.panal.core.manager.turn.Names;
import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.Service;
import io.panal.core.store.Batch;
import io.panal.core.store.View;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/// One term of leading: the newest state, what waits for a turn, and the batch under way.
final class Leadership {
    private record Waiting(long request, Answer answer) {}

    /// @param changes what it was proposed with; the state before it is still the newest
    private record Underway(long number, Batch changes, List<Waiting> answers) {}

    private final Limits limits;
    private final Names names;
    private final Agenda agenda = new Agenda();
    private final Dispatcher dispatcher;
    private final Deque<Asked> requests = new ArrayDeque<>();
    private View view;
    private Optional<Underway> underway = Optional.empty();
    private Optional<Instant> swept = Optional.empty();
    private Instant overdue = Instant.EPOCH;
    private long batches;
    private long checkedVersion = -1;
    private NavigableSet<Id<Node>> checkedMembers = new TreeSet<>();

    Leadership(Led led, Limits limits, Instant now) {
        this.limits = limits;
        this.names = new Names(led.seed());
        this.dispatcher = new Dispatcher(limits, now);
        this.view = led.view();
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    void asked(Asked asked, List<ManagerEffect> effects) {
        if (requests.size() >= limits.waitingRequests()) {
            effects.add(new ManagerEffect.Reply(
                    asked.request(),
                    new Answer.Unavailable("%d requests wait already: try again".formatted(requests.size()))));
            return;
        }
        requests.add(asked);
    }

    void committed(Committed event, Instant now, List<ManagerEffect> effects) {
        Underway done = underway.filter(batch -> batch.number() == event.batch())
                .orElseThrow(() -> new IllegalStateException(
                        "batch %d is committed, %s is under way".formatted(event.batch(), underway)));
        underway = Optional.empty();
        Changed changed = Changed.by(done.changes(), view, event.view());
        view = event.view();
        dispatcher.changed(dispatcher.endpoints().changed(changed.networks(), view));
        dispatcher.changed(changed.nodes());
        if (changed.everyNode()) {
            dispatcher.allChanged();
        }
        reply(done.answers(), effects);
    }

    private void reply(List<Waiting> answers, List<ManagerEffect> effects) {
        for (Waiting waiting : answers) {
            Answer answer = switch (waiting.answer()) {
                case Answer.Done(String id, long _, List<String> warnings) ->
                    new Answer.Done(id, view.version(), warnings);
                case Answer other -> other;
            };
            effects.add(new ManagerEffect.Reply(waiting.request(), answer));
        }
    }

    /// Nothing that waits will be done by this node.
    void end(Answer parting, List<ManagerEffect> effects) {
        underway.ifPresent(batch ->
                batch.answers().forEach(waiting -> effects.add(new ManagerEffect.Reply(waiting.request(), parting))));
        requests.forEach(asked -> effects.add(new ManagerEffect.Reply(asked.request(), parting)));
    }

    /// A turn, when there is something to do and no batch under way; then the orders that the state asks for.
    void advance(NavigableSet<Id<Node>> members, Instant now, List<ManagerEffect> effects) {
        if (underway.isEmpty()) {
            sweep(now);
            agenda.advanceTo(now);
            if (!requests.isEmpty() || !dispatcher.isIdle() || !agenda.isIdle() || !overdue.isAfter(now)) {
                turn(members, now, effects);
            }
        }
        removeStrangers(members, effects);
        effects.addAll(dispatcher.orders(view, now));
    }

    private void sweep(Instant now) {
        if (swept.filter(last -> last.plus(limits.sweep()).isAfter(now)).isEmpty()) {
            swept = Optional.of(now);
            for (Service service : view.services().all()) {
                agenda.wake(service.id());
            }
            view.tasks().all().forEach(task -> agenda.wake(task.serviceId()));
        }
    }

    private void turn(NavigableSet<Id<Node>> members, Instant now, List<ManagerEffect> effects) {
        Turn turn = new Turn(view, now, names, limits);
        List<Waiting> answers = new ArrayList<>();
        while (!requests.isEmpty() && !turn.isFull()) {
            Asked asked = requests.remove();
            Answer answer = Control.apply(asked.command(), turn, members);
            if (answer instanceof Answer.Done) {
                answers.add(new Waiting(asked.request(), answer));
            } else {
                effects.add(new ManagerEffect.Reply(asked.request(), answer));
            }
        }
        Course.run(turn, agenda, dispatcher);
        overdue = dispatcher.overdueAt(turn.view()).orElse(Instant.MAX);
        if (turn.draft().isEmpty()) {
            reply(answers, effects);
            return;
        }
        batches++;
        Batch batch = turn.draft().batch();
        underway = Optional.of(new Underway(batches, batch, answers));
        effects.add(new ManagerEffect.Propose(batches, batch));
    }

    /// Whoever takes part in consensus without being a manager, as of the committed state.
    private void removeStrangers(NavigableSet<Id<Node>> members, List<ManagerEffect> effects) {
        if (view.cluster().isEmpty() || (checkedVersion == view.version() && checkedMembers.equals(members))) {
            return;
        }
        checkedVersion = view.version();
        checkedMembers = new TreeSet<>(members);
        for (Id<Node> member : members) {
            if (view.nodes().find(member).filter(Node::isManager).isEmpty()) {
                effects.add(new ManagerEffect.RemoveMember(member));
            }
        }
    }

    Optional<Instant> wakeAt() {
        Optional<Instant> first = dispatcher.ordersAt();
        if (underway.isPresent()) {
            return first;
        }
        first = earlier(first, agenda.isIdle() ? agenda.wakeAt() : Optional.of(Instant.EPOCH));
        first = earlier(first, swept.map(last -> last.plus(limits.sweep())));
        return earlier(first, dispatcher.overdueAt(view));
    }

    private static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
        return one.filter(at -> other.filter(at::isAfter).isEmpty()).or(() -> other);
    }
}
