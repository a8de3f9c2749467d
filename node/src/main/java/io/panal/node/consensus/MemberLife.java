package io.panal.node.consensus;

import io.panal.node.time.Deadline;
import io.panal.node.time.Stopwatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/// Turns what the engine says, and what only looking shows, into the listener's events, each once and in order.
///
/// Ratis keeps a broken member in the process without a word, and may never tell of a long time without a leader.
final class MemberLife implements MemberEvents {
    private static final long NOT_LEADING = -1;
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int LOOKS_PER_DISK_CHECK = 2;
    /// A leader that lives opens its stream anew within milliseconds, unless its host is busy.
    private static final Duration SUCCEED_AFTER = Duration.ofMillis(150);
    /// From one successor to the next: long enough for the first to have asked all for their votes.
    private static final Duration NEXT_SUCCESSOR = Duration.ofMillis(500);
    private static final Duration REMOVED_AFTER = Duration.ofSeconds(3);
    private static final Duration REDIAL_AFTER = Duration.ofSeconds(2);
    private static final Duration STUCK_AFTER = Duration.ofSeconds(60);

    private final Consensus consensus;
    private final ConsensusSettings settings;
    private final ConsensusListener listener;
    private final DiskRoom room;
    private final Thread watch;
    private volatile boolean ended;
    private volatile @Nullable Loss loss;
    private long looks;

    private long leadingTerm = NOT_LEADING;
    private boolean broken;
    private boolean wasMember;
    private volatile boolean gone;
    private Optional<String> leader = Optional.empty();
    private List<Member> members = List.of();
    private @Nullable Stopwatch missing;
    private long applied = -1;
    private Deadline redial = Deadline.after(REDIAL_AFTER);
    private Stopwatch sinceProgress = Stopwatch.started();

    /// A leader whose stream has ended.
    ///
    /// @param turn when it is this member's to succeed it
    private record Loss(String nodeId, Deadline turn) {}

    MemberLife(Consensus consensus, ConsensusSettings settings, ConsensusListener listener) {
        this.consensus = consensus;
        this.settings = settings;
        this.listener = listener;
        this.room = new DiskRoom(settings.directory());
        watch = Thread.ofPlatform().daemon().name("consensus-watch").unstarted(this::look);
    }

    void begin() throws IOException {
        room.takeBallast();
        watch.start();
    }

    void end() {
        ended = true;
        LockSupport.unpark(watch);
    }

    @Override
    public synchronized void leads() {
        long term = consensus.info().orElseThrow().getCurrentTerm();
        if (leadingTerm != term && !ended && !broken) {
            leadsNoMore();
            leadingTerm = term;
            leaderIs(Optional.of(settings.nodeId()));
            listener.leadershipGained(term);
        }
    }

    @Override
    public synchronized void leadsNoMore() {
        if (leadingTerm != NOT_LEADING) {
            leadingTerm = NOT_LEADING;
            listener.leadershipLost();
        }
    }

    @Override
    public synchronized void leaderSeen(Optional<String> nodeId) {
        if (!nodeId.equals(Optional.of(settings.nodeId()))) {
            leadsNoMore();
        }
        leaderIs(nodeId);
    }

    private void leaderIs(Optional<String> nodeId) {
        if (!leader.equals(nodeId) && !ended) {
            leader = nodeId;
            listener.leaderChanged(nodeId);
        }
    }

    // The engine's word may come late or out of order; what is true now counts in the end.
    private synchronized void lookWhoLeads() {
        if (consensus.isLeader()) {
            leads();
        } else {
            leadsNoMore();
            leaderIs(consensus.leader());
        }
    }

    @Override
    public synchronized void membersSeen() {
        RaftConfiguration now = consensus.division().orElseThrow().getRaftConf();
        boolean joint = !now.getPreviousPeers(RaftPeerRole.FOLLOWER).isEmpty();
        if (joint || ended) {
            return;
        }
        consensus.forEachAddress(List.copyOf(now.getCurrentPeers(RaftPeerRole.FOLLOWER)));
        List<Member> current = consensus.members();
        wasMember |= holdsSelf(current);
        if (!current.equals(members)) {
            members = current;
            listener.membersChanged(current);
        }
    }

    @Override
    public void snapshotDue() {
        consensus.snapshotDue();
    }

    @Override
    public void keyKnown(long index) {
        consensus.keyKnown(index);
    }

    @Override
    public void keysSettled() {
        consensus.snapshotOnly();
    }

    /// The other members have said that this one is none any more.
    synchronized void leftOut() {
        if (!gone && !ended) {
            gone = true;
            leadsNoMore();
            listener.removed();
        }
    }

    @Override
    public void broken(String why) {
        if (stop()) {
            listener.failed(why);
        }
    }

    /// @return false when it has stopped already
    private synchronized boolean stop() {
        if (broken || ended) {
            return false;
        }
        broken = true;
        leadsNoMore();
        return true;
    }

    /// A member's stream of entries to this one has ended: its process did, or it only begins another.
    ///
    /// The members take turns by their ids, so that they do not stand against each other. A machine that lost its
    /// power or its network ends no stream: that is found by the engine's time-out.
    void streamEnded(String nodeId) {
        if (consensus.leader().filter(nodeId::equals).isEmpty()) {
            return;
        }
        List<String> successors = consensus.members().stream()
                .map(Member::nodeId)
                .filter(member -> !member.equals(nodeId))
                .toList();
        int turn = successors.indexOf(settings.nodeId());
        if (turn >= 0 && successors.size() > 1) {
            loss = new Loss(nodeId, Deadline.after(SUCCEED_AFTER.plus(NEXT_SUCCESSOR.multipliedBy(turn))));
            LockSupport.unpark(watch);
        }
    }

    private void succeedInTurn() {
        Loss lost = loss;
        if (lost != null && lost.turn().isOver()) {
            loss = null;
            consensus.succeed(lost.nodeId(), SUCCEED_AFTER);
        }
    }

    private Duration untilNextLook() {
        Loss lost = loss;
        Duration turn = lost == null ? PERIOD : lost.turn().left();
        return turn.compareTo(PERIOD) < 0 ? turn : PERIOD;
    }

    private void look() {
        while (!ended) {
            LockSupport.parkNanos(untilNextLook().toNanos());
            if (!ended) {
                try {
                    succeedInTurn();
                    lookOnce();
                } catch (RuntimeException e) {
                    // Unwatched, this member could be broken without a word.
                    broken("the log cannot be watched: " + e);
                    return;
                }
            }
        }
    }

    private void lookOnce() {
        if (EngineDefaults.hasGivenUp(RaftPeerId.valueOf(consensus.self().id()))) {
            broken("the engine has given up");
        }
        Optional<String> full = ++looks % LOOKS_PER_DISK_CHECK == 0 ? room.shortage() : Optional.empty();
        if (full.isPresent()) {
            halt(full.get());
            return;
        }
        consensus.division().filter(_ -> !gone).ifPresent(division -> {
            LifeCycle.State state = division.getInfo().getLifeCycleState();
            boolean closed = state.isClosingOrClosed() || state == LifeCycle.State.EXCEPTION;
            if (lookForSelf(division, closed)) {
                leftOut();
            } else if (closed) {
                broken("the log is closed (" + state + ")");
            } else {
                lookWhoLeads();
                lookForLeader();
                consensus.lookAtKeys();
                // Before that it has no applied index to ask for.
                if (state == LifeCycle.State.RUNNING) {
                    lookForProgress(division);
                }
            }
        });
    }

    private void halt(String why) {
        if (stop()) {
            listener.halted(why);
        }
        consensus.close();
        try {
            room.dropBallast();
        } catch (IOException e) {
            throw new UncheckedIOException("the ballast cannot be dropped", e);
        }
    }

    // A removed follower never hears that it was removed: it sees itself missing among the members, for good.
    // A removed leader closes itself.
    private boolean lookForSelf(RaftServer.Division division, boolean closed) {
        boolean member = holdsSelf(MemberChanges.members(division.getRaftConf()));
        if (member || !wasMember) {
            wasMember = member;
            missing = null;
            return false;
        }
        Stopwatch since = missing == null ? Stopwatch.started() : missing;
        missing = since;
        return closed || since.hasReached(REMOVED_AFTER);
    }

    private boolean holdsSelf(List<Member> current) {
        String self = consensus.self().id();
        return current.stream().anyMatch(member -> member.id().equals(self));
    }

    // gRPC waits up to two minutes before it dials a lost peer again: too long for a quorum that is coming back.
    private void lookForLeader() {
        if (consensus.leader().isPresent()) {
            redial = Deadline.after(REDIAL_AFTER);
        } else if (redial.isOver()) {
            redial = Deadline.after(REDIAL_AFTER);
            consensus.redial();
        }
    }

    private void lookForProgress(RaftServer.Division division) {
        long now = division.getInfo().getLastAppliedIndex();
        boolean waiting = division.getRaftLog().getLastCommittedIndex() > now;
        if (now != applied || !waiting) {
            applied = now;
            sinceProgress = Stopwatch.started();
        } else if (sinceProgress.hasReached(STUCK_AFTER)) {
            broken("committed entries are not applied since " + STUCK_AFTER.toSeconds() + " s");
        }
    }
}
