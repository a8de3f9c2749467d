package io.panal.node.swarm;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.panal.core.agent.Assignments;
import io.panal.core.agent.Downward;
import io.panal.core.agent.LastOrders;
import io.panal.core.agent.Report;
import io.panal.core.agent.Upward;
import io.panal.core.codec.Codec;
import io.panal.core.manager.Manager;
import io.panal.core.manager.ManagerEffect;
import io.panal.core.manager.ManagerEvent;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Guest;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.store.Batch;
import io.panal.node.actor.ActorLoop;
import io.panal.node.consensus.Submission;
import io.panal.node.link.NodeSession;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Where the manager's actor meets the world: its requests, its sessions, its entries in the log.
///
/// Every manager has one; it does something while this node leads.
final class LeaderDesk implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LeaderDesk.class.getName());
    private static final int KEY_SEED_BYTES = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String LEADS_NO_MORE = "this manager leads no more";

    private final Id<Node> self;
    private final ClusterState state;
    private final Log log;
    private final ActorLoop<ManagerEvent, ManagerEffect> loop;
    private final SecureRandom random = new SecureRandom();
    private final AtomicLong requests = new AtomicLong();
    private final Map<Long, ArrayBlockingQueue<Answer>> waiting = new ConcurrentHashMap<>();
    private final Map<String, Ear> sessions = new ConcurrentHashMap<>();
    private final Map<NodeSession, Opened> opened = new ConcurrentHashMap<>();
    private final ExecutorService deeds = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("leader-", 0).factory());
    private volatile long leadingTerm;

    /// Who hears orders, and what was told last; orders are given on the actor's thread alone.
    private record Ear(NodeSession node, LastOrders last) {}

    /// What the leader does to the log.
    interface Log {
        /// @param outcome must not block
        void submit(long term, byte[] entry, Consumer<Submission> outcome);

        void removeMember(Id<Node> node) throws InterruptedException;

        /// Why nothing can be kept now, in a sentence for a user; empty when it can.
        Optional<String> shortage();
    }

    private record Opened(Id<Node> node, String session) {}

    LeaderDesk(Id<Node> self, ClusterState state, Log log, Consumer<String> broken) {
        this.self = self;
        this.state = state;
        this.log = log;
        this.loop = new ActorLoop<>(
                        "manager",
                        new Manager(),
                        new ActorLoop.Timekeeping<>(ManagerEvent.Woken::new, ManagerEvent.ClockJumped::new),
                        this::perform,
                        broken)
                .start();
    }

    boolean isLeading() {
        return leadingTerm > 0;
    }

    void led(long term) {
        leadingTerm = term;
        LOG.log(
                INFO,
                () -> "leading term=%d version=%d".formatted(term, state.view().version()));
        loop.tell(new ManagerEvent.Led(term, state.view(), self, chance()));
    }

    private ManagerEvent.Chance chance() {
        byte[] bits = new byte[KEY_SEED_BYTES];
        random.nextBytes(bits);
        return new ManagerEvent.Chance(random.nextLong(), Base64.getEncoder().encodeToString(bits));
    }

    void deposed() {
        if (isLeading()) {
            leadingTerm = 0;
            LOG.log(INFO, "leading no more");
            loop.tell(new ManagerEvent.Deposed());
            for (Ear ear : List.copyOf(sessions.values())) {
                ear.node().close(LEADS_NO_MORE);
            }
        }
    }

    void membersChanged(Set<Id<Node>> members) {
        loop.tell(new ManagerEvent.MembersChanged(members));
    }

    /// @return `Unavailable` when there was no answer in time: what became of the command is not known
    Answer ask(Command command, Duration patience) throws InterruptedException {
        Optional<String> full = log.shortage();
        if (full.isPresent()) {
            return new Answer.Unavailable(full.get());
        }
        long request = requests.incrementAndGet();
        ArrayBlockingQueue<Answer> answer = new ArrayBlockingQueue<>(1);
        waiting.put(request, answer);
        try {
            loop.tell(new ManagerEvent.Asked(request, command));
            Optional<Answer> given = Optional.ofNullable(answer.poll(patience.toNanos(), TimeUnit.NANOSECONDS));
            return given.orElseGet(() -> new Answer.Unavailable("context deadline exceeded"));
        } finally {
            waiting.remove(request);
        }
    }

    /// A message of a node; those of one session come in order.
    void heard(NodeSession from, byte[] message) {
        Id<Node> node = new Id<>(from.peer().nodeId());
        Upward said;
        try {
            said = Codec.BINARY.read(message, Upward.class);
        } catch (Codec.Malformed malformed) {
            LOG.log(WARNING, () -> "message refused node=%s reason=%s".formatted(node, malformed.getMessage()));
            from.close("a message cannot be read: do all nodes run the same version?");
            return;
        }
        if (said instanceof Upward.Hello hello) {
            greet(from, node, hello);
            return;
        }
        Opened session = opened.get(from);
        if (session == null) {
            from.close("a session begins with a greeting");
            return;
        }
        switch (said) {
            case Upward.Hello _ -> throw new IllegalStateException("greeted above");
            case Upward.Beat _ -> loop.tell(new ManagerEvent.Beaten(node, session.session()));
            case Upward.Reports(List<Report> reports) ->
                loop.tell(new ManagerEvent.Reported(node, session.session(), reports));
            case Upward.Connected(long generation) ->
                loop.tell(new ManagerEvent.Connected(node, session.session(), generation));
            case Upward.Hosts hosts -> deeds.execute(() -> host(from, node, hosts));
            case Upward.Drops(List<Id<Guest>> guests) -> tellAsked(new Command.DropGuests(node, guests));
            case Upward.Farewell _ -> deeds.execute(() -> release(from, new Command.FarewellNode(node)));
            case Upward.Parting _ -> deeds.execute(() -> release(from, new Command.PartNode(node)));
        }
    }

    private void greet(NodeSession from, Id<Node> node, Upward.Hello hello) {
        String session = Ids.fresh();
        sessions.put(session, new Ear(from, new LastOrders()));
        opened.put(from, new Opened(node, session));
        // Accepted while this manager led, greeted when it does no more: who deposed it did not see the session.
        if (!isLeading()) {
            from.close(LEADS_NO_MORE);
            return;
        }
        from.send(Codec.BINARY.write(new Downward.Welcome(session)));
        String address = hello.address().isEmpty() ? from.remoteAddress() : hello.address();
        loop.tell(new ManagerEvent.SessionOpened(node, session, hello.description(), address));
        boolean isEnlisted = state.view()
                .nodes()
                .find(node)
                .flatMap(Node::managerAddress)
                .filter(hello.managerAddress()::equals)
                .isPresent();
        if (!hello.managerAddress().isEmpty() && !isEnlisted) {
            tellAsked(new Command.EnlistMember(node, hello.managerAddress()));
        }
    }

    private void tellAsked(Command command) {
        loop.tell(new ManagerEvent.Asked(requests.incrementAndGet(), command));
    }

    private void host(NodeSession from, Id<Node> node, Upward.Hosts word) {
        Command command = new Command.HostGuest(
                word.guest(), node, word.container(), word.network(), word.names(), word.address());
        try {
            Answer answer = ask(command, PATIENCE);
            from.send(Codec.BINARY.write(hosted(word.guest(), answer)));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Downward.Hosted hosted(Id<Guest> guest, Answer answer) {
        return switch (answer) {
            case Answer.Done _ -> new Downward.Hosted(guest, 200, "");
            case Answer.Missing(String why) -> new Downward.Hosted(guest, 404, why);
            case Answer.Conflict(String why) -> new Downward.Hosted(guest, 409, why);
            case Answer.Denied(String why) -> new Downward.Hosted(guest, 403, why);
            case Answer.Refused(String why) -> new Downward.Hosted(guest, 400, why);
            case Answer.OutOfSequence(String why) -> new Downward.Hosted(guest, 500, why);
            case Answer.Unsupported(String why) -> new Downward.Hosted(guest, 501, why);
            case Answer.Unavailable(String why) -> new Downward.Hosted(guest, 500, why);
        };
    }

    private void release(NodeSession from, Command word) {
        try {
            Answer answer = ask(word, PATIENCE);
            LOG.log(INFO, () -> "node gone word=%s answer=%s".formatted(word, answer));
            from.send(Codec.BINARY.write(new Downward.Released()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    void ended(NodeSession from) {
        Opened session = opened.remove(from);
        if (session != null) {
            sessions.remove(session.session());
            loop.tell(new ManagerEvent.SessionClosed(session.node(), session.session()));
        }
    }

    /// The open session of a node, if it has one with this manager.
    Optional<NodeSession> sessionOf(Id<Node> node) {
        return opened.entrySet().stream()
                .filter(entry -> entry.getValue().node().equals(node))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private void perform(ManagerEffect effect) {
        switch (effect) {
            case ManagerEffect.Propose(long batch, Batch changes) ->
                log.submit(leadingTerm, Codec.BINARY.write(changes), outcome -> loop.tell(proposed(batch, outcome)));
            case ManagerEffect.Reply(long request, Answer answer) -> {
                ArrayBlockingQueue<Answer> asker = waiting.get(request);
                if (asker != null) {
                    boolean _ = asker.offer(answer);
                } else if (!(answer instanceof Answer.Done)) {
                    LOG.log(WARNING, () -> "request of our own refused answer=" + answer);
                }
            }
            case ManagerEffect.Assign(Id<Node> _, String session, Assignments assignments) -> {
                Ear ear = sessions.get(session);
                if (ear != null) {
                    ear.node().send(Codec.BINARY.write(ear.last().told(session, assignments)));
                }
            }
            case ManagerEffect.EndSession(Id<Node> _, String session, String why) -> {
                Ear ear = sessions.get(session);
                if (ear != null) {
                    ear.node().close(why);
                }
            }
            case ManagerEffect.RemoveMember(Id<Node> node) -> deeds.execute(() -> removeMember(node));
        }
    }

    private ManagerEvent proposed(long batch, Submission outcome) {
        return switch (outcome) {
            case Submission.Committed _ -> new ManagerEvent.Committed(batch, state.view());
            case Submission.NotLeader _ -> new ManagerEvent.Abandoned(batch, LEADS_NO_MORE);
            case Submission.TooLarge _ -> new ManagerEvent.TooLarge(batch);
            case Submission.Busy(String why) -> new ManagerEvent.Abandoned(batch, why);
            case Submission.Unknown(String why) -> new ManagerEvent.Abandoned(batch, why);
        };
    }

    private void removeMember(Id<Node> node) {
        try {
            log.removeMember(node);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        loop.close();
        deeds.shutdownNow();
    }
}
