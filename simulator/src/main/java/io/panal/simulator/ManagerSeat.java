package io.panal.simulator;

import io.panal.core.agent.Downward;
import io.panal.core.agent.Upward;
import io.panal.core.codec.Codec;
import io.panal.core.manager.Manager;
import io.panal.core.manager.ManagerEffect;
import io.panal.core.manager.ManagerEvent;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.store.Batch;
import io.panal.core.store.Snapshot;
import io.panal.core.store.View;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A machine as a manager: its copy of the state, and the leader's half while it leads.
final class ManagerSeat {
    private static final Duration SOON = Duration.ofMillis(1);
    private static final int CONSENSUS_PORT = 2377;

    private final World world;
    private final SharedLog log;
    private final Machine machine;
    private final Map<Long, Consumer<Answer>> waiting = new TreeMap<>();
    private final TreeMap<String, Link> sessions = new TreeMap<>();
    private Manager manager = new Manager();
    private View view = View.EMPTY;
    private int index;
    private long digest;
    private long leadingTerm;
    private long requests;
    private long wakings;
    private Duration skew = Duration.ZERO;

    ManagerSeat(World world, SharedLog log, Machine machine) {
        this.world = world;
        this.log = log;
        this.machine = machine;
    }

    Machine machine() {
        return machine;
    }

    String managerAddress() {
        return machine.address() + ":" + CONSENSUS_PORT;
    }

    View view() {
        return view;
    }

    /// How many entries its state holds.
    int index() {
        return index;
    }

    boolean isLeading() {
        return machine.isUp() && leadingTerm > 0;
    }

    boolean leads(long term) {
        return isLeading() && leadingTerm == term;
    }

    void applyTo(int length) {
        while (index < length && machine.isUp()) {
            Batch batch = Codec.BINARY.read(log.entry(index), Batch.class);
            view = view.after(batch);
            digest = SharedLog.digest(digest, batch, view);
            log.compare(this, index, digest);
            index++;
        }
    }

    void led(long term) {
        leadingTerm = term;
        hear(new ManagerEvent.MembersChanged(log.members()));
        long seed = world.chance().nextLong();
        ManagerEvent.Chance chance = new ManagerEvent.Chance(seed, "simulated " + seed);
        hear(new ManagerEvent.Led(term, view, machine.id(), chance));
    }

    void deposed() {
        if (isLeading()) {
            leadingTerm = 0;
            hear(new ManagerEvent.Deposed());
            List.copyOf(sessions.values()).forEach(Link::close);
        }
    }

    /// The daemon is gone with all that was not on disk; who waits for an answer gets none.
    void die() {
        manager = new Manager();
        leadingTerm = 0;
        wakings++;
        waiting.clear();
        List.copyOf(sessions.values()).forEach(Link::cut);
        sessions.clear();
    }

    void rise() {
        view = Snapshot.read(Snapshot.write(view));
        hear(new ManagerEvent.MembersChanged(log.members()));
    }

    void ask(Command command, Consumer<Answer> answered) {
        requests++;
        waiting.put(requests, answered);
        hear(new ManagerEvent.Asked(requests, Codec.BINARY.read(Codec.BINARY.write(command), Command.class)));
    }

    void hear(ManagerEvent event) {
        Duration jump = machine.skew().minus(skew);
        skew = machine.skew();
        if (!jump.isZero()) {
            manager.on(new ManagerEvent.ClockJumped(jump), machine.clock()).forEach(this::perform);
        }
        manager.on(event, machine.clock()).forEach(this::perform);
        wakings++;
        long waking = wakings;
        manager.wakeAt()
                .ifPresent(at -> world.after(delayTo(at), () -> {
                    if (waking == wakings && machine.isUp()) {
                        hear(new ManagerEvent.Woken());
                    }
                }));
    }

    private Duration delayTo(Instant at) {
        Instant earliest = machine.clock().plus(SOON);
        return Duration.between(machine.clock(), at.isAfter(earliest) ? at : earliest);
    }

    private void perform(ManagerEffect effect) {
        switch (effect) {
            case ManagerEffect.Propose(long batch, Batch changes) -> log.propose(this, leadingTerm, batch, changes);
            case ManagerEffect.Reply(long request, Answer answer) ->
                Optional.ofNullable(waiting.remove(request)).ifPresent(asker -> asker.accept(answer));
            case ManagerEffect.Assign(Id<Node> _, String session, var assignments) ->
                Optional.ofNullable(sessions.get(session)).ifPresent(link -> link.order(assignments));
            case ManagerEffect.EndSession(Id<Node> _, String session, String _) ->
                Optional.ofNullable(sessions.get(session)).ifPresent(Link::close);
            case ManagerEffect.RemoveMember(Id<Node> node) -> world.after(SOON, () -> log.remove(node));
        }
    }

    /// A node has spoken.
    void said(Link link, Upward message) {
        Id<Node> node = link.agent().machine().id();
        String session = link.session();
        switch (message) {
            case Upward.Hello hello -> greet(link, hello);
            case Upward.Beat _ -> hear(new ManagerEvent.Beaten(node, session));
            case Upward.Reports(var reports) -> hear(new ManagerEvent.Reported(node, session, reports));
            case Upward.Connected(long generation) -> hear(new ManagerEvent.Connected(node, session, generation));
            case Upward.Hosts word ->
                ask(
                        new Command.HostGuest(
                                word.guest(), node, word.container(), word.network(), word.names(), word.address()),
                        _ -> {});
            case Upward.Drops(var guests) -> ask(new Command.DropGuests(node, guests), _ -> {});
            case Upward.Parting _ -> release(link, new Command.PartNode(node));
            case Upward.Farewell _ -> release(link, new Command.FarewellNode(node));
        }
    }

    private void release(Link link, Command word) {
        ask(word, answer -> {
            if (answer instanceof Answer.Done) {
                link.down(new Downward.Released());
            }
        });
    }

    private void greet(Link link, Upward.Hello hello) {
        if (!isLeading()) {
            link.close();
            return;
        }
        Id<Node> node = link.agent().machine().id();
        String session = world.freshName();
        link.named(session);
        sessions.put(session, link);
        link.down(new Downward.Welcome(session));
        hear(new ManagerEvent.SessionOpened(node, session, hello.description(), hello.address()));
        boolean isEnlisted = view.nodes()
                .find(node)
                .flatMap(Node::managerAddress)
                .filter(hello.managerAddress()::equals)
                .isPresent();
        if (!hello.managerAddress().isEmpty() && !isEnlisted) {
            ask(new Command.EnlistMember(node, hello.managerAddress()), _ -> {});
        }
    }

    void ended(Link link) {
        if (sessions.remove(link.session(), link)) {
            hear(new ManagerEvent.SessionClosed(link.agent().machine().id(), link.session()));
        }
    }
}
