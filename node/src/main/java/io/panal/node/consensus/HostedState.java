package io.panal.node.consensus;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;

/// Our state as Ratis sees it: seals what goes into the log, opens what comes out, and stops for good on a
/// failure.
final class HostedState extends BaseStateMachine {
    private static final byte[] ENTRY = {'e'};
    private static final byte[] KEYS = "\0datakeys".getBytes(StandardCharsets.US_ASCII);

    private final ReplicatedState state;
    private final KeyRing keys;
    private final MemberEvents events;
    private final Supplier<Retention> retention;
    private final SimpleStateMachineStorage storage = new KeptSnapshots();

    /// Snapshots, of which as many are kept as the cluster wants now.
    private final class KeptSnapshots extends SimpleStateMachineStorage {
        @Override
        public void cleanupOldSnapshots(SnapshotRetentionPolicy fixed) throws IOException {
            int kept = (int) Math.min(Integer.MAX_VALUE, 1 + retention.get().oldSnapshots());
            super.cleanupOldSnapshots(new SnapshotRetentionPolicy() {
                @Override
                public int getNumSnapshotsRetained() {
                    return kept;
                }
            });
        }
    }

    HostedState(ReplicatedState state, KeyRing keys, MemberEvents events, Supplier<Retention> retention) {
        this.state = state;
        this.keys = keys;
        this.events = events;
        this.retention = retention;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage place) throws IOException {
        super.initialize(server, group, place);
        storage.init(place);
        getLifeCycle().startAndTransition(this::load);
    }

    // The updater asserts PAUSED before it loads an installed snapshot; the base class does nothing here.
    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    @Override
    public void reinitialize() throws IOException {
        getLifeCycle().startAndTransition(this::load);
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return storage;
    }

    private void load() throws IOException {
        SingleFileSnapshotInfo snapshot = storage.loadLatestSnapshot();
        if (snapshot == null) {
            return;
        }
        File file = snapshot.getFile().getPath().toFile();
        try (var in = new BufferedInputStream(
                new SealedInput(keys.keys(), new BufferedInputStream(new FileInputStream(file))))) {
            learnKeys(in, snapshot.getIndex());
            state.restore(in, snapshot.getIndex());
        } catch (IOException | RuntimeException e) {
            events.broken("a snapshot cannot be loaded: " + file + ": " + e.getMessage());
            throw e;
        }
        setLastAppliedTermIndex(snapshot.getTermIndex());
    }

    // Who is given a snapshot misses the entries that told of keys. Former versions' snapshots tell of none.
    private void learnKeys(InputStream in, long index) throws IOException {
        in.mark(KEYS.length);
        if (!Arrays.equals(in.readNBytes(KEYS.length), KEYS)) {
            in.reset();
            return;
        }
        var data = new DataInputStream(in);
        DataKeys told = DataKeys.decode(data.readNBytes(data.readInt()));
        keys.change(known -> known.and(told));
        events.keyKnown(index);
    }

    @Override
    public long takeSnapshot() throws IOException {
        TermIndex last = getLastAppliedTermIndex();
        if (last == null || last.getIndex() < 0) {
            return -1;
        }
        File file = storage.getSnapshotFile(last.getTerm(), last.getIndex());
        File draft = new File(file.getPath() + ".draft");
        try {
            write(draft);
            Files.move(draft.toPath(), file.toPath(), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft.toPath());
        }
        var digest = MD5FileUtil.computeAndSaveMd5ForFile(file);
        storage.updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(file.toPath(), digest), last));
        return last.getIndex();
    }

    private void write(File draft) throws IOException {
        try (var file = new FileOutputStream(draft)) {
            var buffered = new BufferedOutputStream(file);
            DataKeys now = keys.keys();
            var sealed = new SealedOutput(now, buffered);
            byte[] encoded = now.encoded();
            sealed.write(KEYS);
            sealed.write(
                    ByteBuffer.allocate(Integer.BYTES).putInt(encoded.length).array());
            sealed.write(encoded);
            state.snapshot(sealed);
            sealed.finish();
            file.getFD().sync();
        }
    }

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) {
        if (request.getMessage() instanceof Proposal proposal) {
            proposal.started();
        }
        byte[] content = request.getMessage().getContent().toByteArray();
        return TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .setServerRole(RaftPeerRole.LEADER)
                .setLogData(ByteString.copyFrom(keys.keys().seal(content, ENTRY)))
                .setStateMachineContext(content)
                .build();
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        try {
            byte[] content = transaction.getStateMachineContext() instanceof byte[] known
                    ? known
                    : keys.keys()
                            .open(entry.getStateMachineLogEntry().getLogData().toByteArray(), ENTRY);
            Message answer = apply(entry.getTerm(), entry.getIndex(), ByteBuffer.wrap(content));
            updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
            askForSnapshot(entry.getIndex());
            return CompletableFuture.completedFuture(answer);
        } catch (IOException | RuntimeException | Error e) {
            // Ratis would count a failed future as applied: only an exception from here stops the member.
            events.broken("entry " + entry.getIndex() + " cannot be applied: " + e);
            throw new IllegalStateException("entry " + entry.getIndex() + " cannot be applied", e);
        }
    }

    private void askForSnapshot(long index) {
        SingleFileSnapshotInfo latest = storage.getLatestSnapshot();
        if (index - (latest == null ? 0 : latest.getIndex()) >= retention.get().snapshotEntries()) {
            events.snapshotDue();
        }
    }

    // An entry written for a term that was over when it reached the log changes nothing, on any member.
    private Message apply(long term, long index, ByteBuffer content) throws IOException {
        if (Proposal.isKeys(content)) {
            apply(index, Proposal.step(content));
            return Proposal.APPLIED;
        }
        if (!Proposal.isEntry(content)) {
            return Proposal.APPLIED;
        }
        if (Proposal.authoredIn(content) != term) {
            return Proposal.STALE;
        }
        state.apply(term, index, Proposal.payload(content));
        return Proposal.APPLIED;
    }

    private void apply(long index, KeyStep step) throws IOException {
        keys.change(step::applied);
        switch (step) {
            case KeyStep.Know _ -> events.keyKnown(index);
            case KeyStep.Use _ -> {}
            case KeyStep.Settle _ -> events.keysSettled();
        }
    }

    @Override
    public void notifyLeaderReady() {
        events.leads();
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        events.leadsNoMore();
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId self, @Nullable RaftPeerId leader) {
        events.leaderSeen(Optional.ofNullable(leader).map(id -> Member.nodeOf(id.toString())));
    }

    @Override
    public void notifyConfigurationChanged(long term, long index, RaftConfigurationProto configuration) {
        events.membersSeen();
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
        events.broken("the log cannot be written: " + cause);
    }
}
