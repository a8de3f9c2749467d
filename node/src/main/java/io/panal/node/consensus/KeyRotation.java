package io.panal.node.consensus;

import static java.lang.System.Logger.Level.INFO;

import io.panal.node.identity.SealingKey;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.server.RaftServer;

/// Takes the data keys of the whole swarm to the purpose that is wanted, step by step, on whichever member leads.
final class KeyRotation {
    private static final System.Logger LOG = System.getLogger(KeyRotation.class.getName());
    /// More than a segment of the log together, so that every member begins another: only whole ones are purged.
    private static final int PADDINGS = 7;

    private static final int PADDING_BYTES = 5 << 18;

    private final KeyRing ring;
    private final Submitting submitting;
    private final AtomicBoolean underway = new AtomicBoolean();
    private volatile long wanted;
    private volatile long knownAt = -1;

    KeyRotation(KeyRing ring, Submitting submitting) {
        this.ring = ring;
        this.submitting = submitting;
    }

    /// @param purpose 0 wants nothing
    void want(long purpose) {
        wanted = purpose;
    }

    /// The newest key is known to whoever has the log up to this index.
    void knownAt(long index) {
        knownAt = index;
    }

    /// On the leader, again and again.
    void look(RaftServer.Division division) {
        if (underway.get()) {
            return;
        }
        DataKeys keys = ring.keys();
        if (keys.newest() != keys.used()) {
            if (isKnownToAll(division)) {
                propose(new KeyStep.Use(keys.newest()));
            }
        } else if (keys.settled() != keys.used()) {
            for (int i = 0; i < PADDINGS; i++) {
                submitting.send(Proposal.padding(PADDING_BYTES), _ -> {});
            }
            propose(new KeyStep.Settle(keys.used()));
        } else if (wanted != 0 && !keys.isNewestFor(wanted)) {
            propose(new KeyStep.Know(keys.newest() + 1, SealingKey.fresh(), wanted));
        }
    }

    private boolean isKnownToAll(RaftServer.Division division) {
        long index = knownAt;
        Set<String> knowing = division.getCommitInfos().stream()
                .filter(info -> info.getCommitIndex() >= index)
                .map(CommitInfoProto::getServer)
                .map(server -> server.getId().toStringUtf8())
                .collect(Collectors.toSet());
        return index >= 0
                && division.getRaftConf().getAllPeers(RaftPeerRole.FOLLOWER).stream()
                        .allMatch(peer -> knowing.contains(peer.getId().toString()));
    }

    private void propose(KeyStep step) {
        if (underway.compareAndSet(false, true)) {
            submitting.send(Proposal.keys(step), outcome -> {
                underway.set(false);
                LOG.log(
                        INFO,
                        () -> "data keys change step=%s id=%d outcome=%s"
                                .formatted(
                                        step.getClass().getSimpleName(),
                                        step.id(),
                                        outcome.getClass().getSimpleName()));
            });
        }
    }
}
