package io.panal.node.swarm;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Cluster;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.store.View;
import io.panal.node.consensus.Change;
import io.panal.node.consensus.Consensus;
import io.panal.node.consensus.ConsensusListener;
import io.panal.node.consensus.ConsensusSettings;
import io.panal.node.consensus.DiskFullException;
import io.panal.node.consensus.Hosted;
import io.panal.node.consensus.Introduction;
import io.panal.node.consensus.Member;
import io.panal.node.consensus.Retention;
import io.panal.node.consensus.SecurePort;
import io.panal.node.consensus.Submission;
import io.panal.node.identity.Identity;
import io.panal.node.link.LinkServer;
import io.panal.node.link.ManagerLinks;
import io.panal.node.link.NodeSession;
import io.panal.node.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// This node as a manager: its copy of the state, its membership in the log, the port that others reach it at.
public final class ManagerSeat implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ManagerSeat.class.getName());

    private final Id<Node> self;
    private final ClusterState state = new ClusterState();
    private final LeaderDesk desk;
    private final ManagerLinks links;
    private final LinkServer server;
    private final LeaderRequests requests;
    private final Bell leadership = new Bell();
    /// Why this manager stands still, with its log closed; whoever runs it takes the seat again later.
    private volatile Optional<Halt> halt = Optional.empty();
    /// Empty until the member is made; what the engine says before that is heard afterwards.
    private final AtomicReference<Optional<Consensus>> member = new AtomicReference<>(Optional.empty());

    private final List<Runnable> early = new ArrayList<>();

    /// How the membership begins.
    sealed interface Beginning {
        record Bootstrap() implements Beginning {}

        record Restart() implements Beginning {}

        record Join(Introduction introduction) implements Beginning {}
    }

    /// The disk is full.
    ///
    /// @param why a sentence for a user
    /// @param alone whether there is no other manager: what this one knows stays the newest then
    record Halt(String why, boolean alone) {}

    /// How it may end without being told to.
    ///
    /// @param halted its disk is full: it answers, but changes nothing; must not block
    /// @param removed the other managers have taken this one out
    /// @param outcast the swarm was begun anew without this manager; must not block
    /// @param broken is told why this manager cannot go on; the process then ends
    record Endings(Runnable halted, Runnable removed, Runnable outcast, Consumer<String> broken) {}

    ManagerSeat(ConsensusSettings settings, Identity identity, Beginning beginning, ManagerLinks links, Endings endings)
            throws IOException {
        self = new Id<>(settings.nodeId());
        this.links = links;
        desk = new LeaderDesk(self, state, new OwnLog(), endings.broken());
        requests = new LeaderRequests(this, desk, links, leadership);
        server = new LinkServer(
                new Admissions(state, desk, this::leaderAddress),
                new Reception(state, desk, this::leaderAddress, endings.outcast()));
        state.watch((before, _, after) -> settle(before, after));
        Hosted hosted = new Hosted(state, new Listener(endings));
        SecurePort port = new SecurePort(identity, server);
        switch (beginning) {
            case Beginning.Bootstrap _ -> begin(Consensus.bootstrap(settings, hosted, port));
            case Beginning.Restart _ -> restart(settings, hosted, port);
            case Beginning.Join(Introduction introduction) ->
                begin(Consensus.join(settings, introduction, hosted, port));
        }
    }

    private void restart(ConsensusSettings settings, Hosted hosted, SecurePort port) throws IOException {
        try {
            begin(Consensus.restart(settings, hosted, port));
        } catch (DiskFullException full) {
            String why = String.valueOf(full.getMessage());
            LOG.log(ERROR, () -> "manager halted reason=" + why);
            halt = Optional.of(new Halt(why, false));
        }
    }

    private synchronized void begin(Consensus made) {
        server.serve(made);
        member.set(Optional.of(made));
        early.forEach(Runnable::run);
        early.clear();
        leadership.ring();
    }

    private synchronized void whenBegun(Runnable heard) {
        if (member.get().isPresent()) {
            heard.run();
        } else {
            early.add(heard);
        }
    }

    private void settle(View before, View after) {
        Optional<Cluster.Raft> wanted =
                after.cluster().map(cluster -> cluster.spec().raft());
        if (!wanted.equals(before.cluster().map(cluster -> cluster.spec().raft()))) {
            wanted.map(ManagerSeat::retention)
                    .ifPresent(rules -> whenBegun(() -> consensus().retain(rules)));
        }
    }

    /// Zero says nothing, as in Docker; the API's numbers are unsigned.
    private static Retention retention(Cluster.Raft wanted) {
        return new Retention(
                orDefault(wanted.snapshotInterval(), Retention.DEFAULT.snapshotEntries()),
                Math.max(0, wanted.keepOldSnapshots().orElse(Retention.DEFAULT.oldSnapshots())),
                orDefault(wanted.logEntriesForSlowFollowers(), Retention.DEFAULT.entriesForSlowFollowers()));
    }

    private static long orDefault(long wanted, long otherwise) {
        return wanted == 0 ? otherwise : wanted < 0 ? Long.MAX_VALUE : wanted;
    }

    /// The state as this manager has it now.
    public View view() {
        return state.view();
    }

    public ClusterState state() {
        return state;
    }

    public Optional<Id<Node>> leader() {
        if (halt.isPresent()) {
            return Optional.empty();
        }
        return desk.isLeading() ? Optional.of(self) : consensus().leader().map(Id::new);
    }

    Optional<Halt> halt() {
        return halt;
    }

    /// Why this manager stands still; empty when it does not.
    Optional<String> halted() {
        return halt.map(Halt::why);
    }

    /// The managers that are heard of, as the state has it; this one always is.
    public List<Id<Node>> reachable() {
        return state.view().nodes().all().stream()
                .filter(Node::isManager)
                .filter(node -> node.id().equals(self) || node.status().state() != Node.State.DOWN)
                .map(Node::id)
                .toList();
    }

    /// Of another manager: while this one is about to lead there is none to be sent to.
    Optional<String> leaderAddress() {
        return member.get()
                .filter(made -> made.leader().filter(self.value()::equals).isEmpty())
                .flatMap(Consensus::leaderAddress);
    }

    /// The open session of a node with this manager, which has sessions only while it leads.
    public Optional<NodeSession> sessionOf(Id<Node> node) {
        return desk.sessionOf(node);
    }

    Consensus consensus() {
        return member.get().orElseThrow(() -> new IllegalStateException("the member of the log is not made yet"));
    }

    /// Waits until the view holds all that the leader has acknowledged before the call.
    ///
    /// @return false when no leader can be asked: what this manager knows may be old
    public boolean catchUp(Duration patience) throws InterruptedException {
        return requests.catchUp(Deadline.after(patience));
    }

    /// Has the leader do it, be it this node or another, and waits until this node's view shows it.
    public Answer submit(Command command, Duration patience) throws InterruptedException {
        return requests.submit(command, Deadline.after(patience));
    }

    /// Has the leader pass a node's stream on to this manager.
    ///
    /// @return why it does not; empty when it does
    Optional<String> relay(Relays.Order order, Duration patience) throws IOException, InterruptedException {
        return requests.relay(order, Deadline.after(patience));
    }

    /// Gives the lead to another, when this node has it and there is another.
    void handOver() {
        if (desk.isLeading() && consensus().members().size() > 1) {
            try {
                Change change = consensus().stepDown();
                LOG.log(INFO, () -> "lead handed over outcome=" + change);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Waits until this node leads, as the only one of a new swarm soon does.
    boolean awaitLead(Duration patience) throws InterruptedException {
        Deadline deadline = Deadline.after(patience);
        boolean mayStillLead = true;
        while (!desk.isLeading() && mayStillLead) {
            long heard = leadership.rings();
            mayStillLead = desk.isLeading() || leadership.await(heard, deadline.left());
        }
        return desk.isLeading();
    }

    @Override
    public void close() {
        server.close();
        member.get().ifPresent(Consensus::close);
        desk.close();
    }

    private final class OwnLog implements LeaderDesk.Log {
        @Override
        public void submit(long term, byte[] entry, Consumer<Submission> outcome) {
            consensus().submit(term, entry, outcome);
        }

        @Override
        public Optional<String> shortage() {
            return consensus().shortage();
        }

        @Override
        public void removeMember(Id<Node> node) throws InterruptedException {
            Change change = consensus().removeMember(node.value());
            if (!(change instanceof Change.Done)) {
                LOG.log(WARNING, () -> "member not removed node=%s outcome=%s".formatted(node, change));
            }
        }
    }

    private final class Listener implements ConsensusListener {
        private final Endings endings;

        Listener(Endings endings) {
            this.endings = endings;
        }

        @Override
        public void leadershipGained(long term) {
            whenBegun(() -> {
                desk.led(term);
                leadership.ring();
            });
        }

        @Override
        public void leadershipLost() {
            whenBegun(() -> {
                desk.deposed();
                leadership.ring();
            });
        }

        /// Said beside gained and lost, which alone decide whether this manager leads.
        @Override
        public void leaderChanged(Optional<String> nodeId) {
            LOG.log(INFO, () -> "leader seen node=" + nodeId.orElse("none"));
            // Nobody waits any longer for the answer of a leader that is gone.
            whenBegun(() -> {
                consensus().leaderAddress().ifPresent(links::leaderIs);
                leadership.ring();
            });
        }

        @Override
        public void membersChanged(List<Member> members) {
            TreeSet<Id<Node>> nodes = new TreeSet<>();
            members.forEach(member -> nodes.add(new Id<>(member.nodeId())));
            whenBegun(() -> desk.membersChanged(nodes));
        }

        @Override
        public void removed() {
            endings.removed().run();
        }

        @Override
        public void strangerCalled() {
            whenBegun(() -> links.inquire(consensus(), endings.outcast()));
        }

        @Override
        public void halted(String why) {
            LOG.log(ERROR, () -> "manager halted reason=" + why);
            whenBegun(() -> {
                halt = Optional.of(new Halt(why, consensus().members().size() <= 1));
                leadership.ring();
                endings.halted().run();
            });
        }

        @Override
        public void failed(String why) {
            LOG.log(ERROR, () -> "log failed reason=" + why);
            endings.broken().accept(why);
        }
    }
}
