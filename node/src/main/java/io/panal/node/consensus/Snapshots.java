package io.panal.node.consensus;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;

/// Takes snapshots when they are due and drops what they make needless: Ratis's own settings for both are fixed when it
/// starts, the cluster's may be changed at any time.
final class Snapshots {
    private static final System.Logger LOG = System.getLogger(Snapshots.class.getName());
    private static final long LIMIT_MILLIS = 60_000;

    private final RaftServer server;
    private final RaftPeerId self;
    private final RaftGroupId group;
    private final ClientId client = ClientId.randomId();
    /// One at a time.
    private final Semaphore turn = new Semaphore(1);
    private volatile boolean only;

    Snapshots(RaftServer server, RaftPeerId self, RaftGroupId group) {
        this.server = server;
        this.self = self;
        this.group = group;
    }

    /// Whether no older snapshot may stay, nor any entry that the newest one holds.
    boolean isOnly() {
        return only;
    }

    /// Has one snapshot take the place of all that was written before.
    void takeOnly() {
        only = true;
        Thread _ = Thread.ofVirtual().name("snapshot-only").start(() -> {
            // One that is being taken may be of an earlier state.
            turn.acquireUninterruptibly();
            try {
                takeNow(0);
                only = false;
            } catch (IOException | RuntimeException failed) {
                LOG.log(WARNING, () -> "log not purged; it is with the next snapshot reason=" + failed.getMessage());
            } finally {
                turn.release();
            }
        });
    }

    /// Takes one on a thread of its own, unless one is being taken: the caller may be the thread that has to write it.
    void take(Retention retention) {
        if (turn.tryAcquire()) {
            Thread _ = Thread.ofVirtual().name("snapshot").start(() -> {
                try {
                    takeNow(only ? 0 : retention.entriesForSlowFollowers());
                    only = false;
                } catch (IOException | RuntimeException failed) {
                    LOG.log(WARNING, () -> "snapshot not taken reason=" + failed.getMessage());
                } finally {
                    turn.release();
                }
            });
        }
    }

    private void takeNow(long kept) throws IOException {
        RaftClientReply reply = server.snapshotManagement(
                SnapshotManagementRequest.newCreate(client, self, group, CallId.getAndIncrement(), LIMIT_MILLIS, 1));
        if (!reply.isSuccess()) {
            throw new IOException(String.valueOf(reply.getException()));
        }
        var _ = server.getDivision(group).getRaftLog().purge(reply.getLogIndex() - kept);
    }
}
