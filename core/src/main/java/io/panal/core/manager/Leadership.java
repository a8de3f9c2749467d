package io.panal.core.manager;

import io.panal.core.SteadyTime;
import io.panal.core.manager.ManagerEvent.Asked;
import io.panal.core.manager.ManagerEvent.Committed;
import io.panal.core.manager.ManagerEvent.Led;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Answers;
import io.panal.core.manager.control.Control;
import io.panal.core.manager.dispatcher.Dispatcher;
import io.panal.core.manager.keys.Secrets;
import io.panal.core.manager.turn.Agenda;
import io.panal.core.manager.turn.Limits;
import io.panal.core.manager.turn.Moment;
import io.panal.core.manager.turn.Names;
import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.Stored;
import io.panal.core.store.Batch;
import io.panal.core.store.Kind;
import io.panal.core.store.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;

/// One term of leading: the newest state, what waits for a turn, and the batch under way.
///
/// After a batch whose fate is unknown nothing is decided until an empty one has gone through the log: the state that
/// comes with it tells what became of the former.
final class Leadership {
    private record Waiting(Asked asked, Answer answer) {
        long request() {
            return asked.request();
        }
    }

    /// @param changes what it was proposed with; the state before it is still the newest
    private record Underway(long number, Batch changes, List<Waiting> answers) {}

    private final Limits limits;
    private final Names names;
    private final Secrets secrets;
    private final Agenda agenda = new Agenda();
    private final SteadyTime time;
    private final Dispatcher dispatcher;
    private final Deque<Asked> requests = new ArrayDeque<>();
    private final Membership membership = new Membership();
    private View view;
    private Optional<Underway> underway = Optional.empty();
    private Optional<Instant> doubtful = Optional.empty();
    private Optional<Instant> swept = Optional.empty();
    private Instant overdue = Instant.EPOCH;
    private boolean postponed;
    private int batchChanges;
    private long batches;

    /// @param batches how many this node has proposed so far: a number is never used twice
    Leadership(Led led, Limits limits, Instant now, long batches) {
        this.limits = limits;
        this.batchChanges = limits.batchChanges();
        this.names = new Names(led.chance().names());
        this.secrets = new Secrets(led.chance().secrets());
        this.view = led.view();
        this.batches = batches;
        this.time = onwards(led.view(), now);
        this.dispatcher = new Dispatcher(limits, time(now));
    }

    /// Time never goes back in the state: a clock that is behind what a former leader's has stamped is gone ahead of.
    private static SteadyTime onwards(View view, Instant now) {
        Instant latest = now;
        for (Kind<?> kind : Kind.ALL) {
            for (Stored<?> object : view.table(kind).all()) {
                Instant stamp = object.meta().updatedAt();
                latest = stamp.isAfter(latest) ? stamp : latest;
            }
        }
        return new SteadyTime(latest, Duration.between(now, latest));
    }

    /// The term's own time.
    Instant time(Instant clock) {
        return time.at(clock);
    }

    /// What the leader itself waits for is as far away as before; what waits in the state is asked after anew.
    void clockJumped(Duration by) {
        Duration leap = time.clockJumped(by);
        dispatcher.leapt(leap, time.jumps());
        doubtful = doubtful.map(until -> until.plus(leap));
        swept = Optional.empty();
        overdue = Instant.EPOCH;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    long batches() {
        return batches;
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

    /// A number that is not under way is of a former term, and no news.
    private Optional<Underway> finished(long batch) {
        Optional<Underway> done = underway.filter(known -> known.number() == batch);
        if (done.isPresent()) {
            underway = Optional.empty();
        }
        return done;
    }

    void committed(Committed event, List<ManagerEffect> effects) {
        Optional<Underway> done = finished(event.batch());
        if (done.isEmpty()) {
            return;
        }
        if (doubtful.isPresent()) {
            doubtful = Optional.empty();
            swept = Optional.empty();
            dispatcher.forgetOrders();
        } else {
            dispatcher.forgetTaken();
            batchChanges = Math.min(limits.batchChanges(), batchChanges * 2);
            dispatcher.changed(Changed.by(done.get().changes(), view, event.view()), event.view());
        }
        view = event.view();
        reply(done.get().answers(), effects);
    }

    void connected(Id<Node> node, String session, long generation, Instant now) {
        dispatcher.connected(node, session, generation, view, time(now));
    }

    /// @param parting what those are told whose request may or may not be done
    void abandoned(long batch, Answer parting, Instant now, List<ManagerEffect> effects) {
        finished(batch).ifPresent(lost -> {
            lost.answers().forEach(waiting -> effects.add(new ManagerEffect.Reply(waiting.request(), parting)));
            dispatcher.takeAgain();
            batchChanges = Math.max(1, batchChanges / 2);
            doubtful = Optional.of(time(now).plus(limits.doubtWait()));
        });
    }

    /// The log has refused the batch for its size, so it is not in it. Its requests are tried again in
    /// smaller ones, until the one that alone is too large is found: each has its own answer.
    void tooLarge(long batch, Instant now, List<ManagerEffect> effects) {
        if (batchChanges == 1) {
            abandoned(batch, Answers.TOO_LARGE, now, effects);
            return;
        }
        finished(batch).ifPresent(refused -> {
            refused.answers().reversed().forEach(waiting -> requests.addFirst(waiting.asked()));
            dispatcher.takeAgain();
            batchChanges = refused.answers().isEmpty() ? batchChanges / 2 : 1;
            swept = Optional.empty();
        });
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
    void advance(NavigableSet<Id<Node>> members, Instant clock, List<ManagerEffect> effects) {
        Instant now = time(clock);
        dispatcher.watch(view, now);
        if (underway.isEmpty() && doubtful.isPresent()) {
            if (!doubtful.get().isAfter(now)) {
                propose(new Batch(now, List.of()), List.of(), effects);
            }
        } else if (underway.isEmpty()) {
            sweep(now);
            agenda.advanceTo(now);
            if (!requests.isEmpty() || !dispatcher.isIdle() || !agenda.isIdle() || postponed || !overdue.isAfter(now)) {
                turn(members, now, effects);
            }
        }
        effects.addAll(membership.check(view, members));
        effects.addAll(dispatcher.orders(view, now));
    }

    private void sweep(Instant now) {
        if (swept.filter(last -> last.plus(limits.sweep()).isAfter(now)).isEmpty()) {
            swept = Optional.of(now);
            view.services().all().forEach(service -> agenda.wake(service.id()));
            view.tasks().all().forEach(task -> agenda.wake(task.serviceId()));
        }
    }

    private void turn(NavigableSet<Id<Node>> members, Instant now, List<ManagerEffect> effects) {
        Turn turn = new Turn(view, new Moment(now, time.jumps()), names, limits.batching(batchChanges));
        List<Waiting> answers = new ArrayList<>();
        while (!requests.isEmpty() && !turn.isFull()) {
            Asked asked = requests.remove();
            Answer answer = Control.apply(asked.command(), turn, members);
            if (answer instanceof Answer.Done) {
                answers.add(new Waiting(asked, answer));
            } else {
                effects.add(new ManagerEffect.Reply(asked.request(), answer));
            }
        }
        Course.run(turn, agenda, dispatcher, secrets);
        overdue = dispatcher.overdueAt(turn.view()).orElse(Instant.MAX);
        postponed = turn.isPostponed();
        if (turn.draft().isEmpty()) {
            reply(answers, effects);
        } else {
            propose(turn.draft().batch(), answers, effects);
        }
    }

    private void propose(Batch batch, List<Waiting> answers, List<ManagerEffect> effects) {
        batches++;
        underway = Optional.of(new Underway(batches, batch, answers));
        effects.add(new ManagerEffect.Propose(batches, batch));
    }

    Optional<Instant> wakeAt() {
        List<Instant> times = new ArrayList<>();
        dispatcher.ordersAt().ifPresent(times::add);
        if (underway.isEmpty() && doubtful.isPresent()) {
            times.add(doubtful.get());
        } else if (underway.isEmpty()) {
            (agenda.isIdle() && !postponed ? agenda.wakeAt() : Optional.of(Instant.EPOCH)).ifPresent(times::add);
            swept.map(last -> last.plus(limits.sweep())).ifPresent(times::add);
            dispatcher.overdueAt(view).ifPresent(times::add);
        }
        return times.stream().min(Instant::compareTo).map(time::clockAt);
    }
}
