package io.panal.node.consensus;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;

/// Standing for election in place of a leader that is gone, before the engine's time-out finds it.
final class Succession {
    private static final System.Logger LOG = System.getLogger(Succession.class.getName());
    private static final int KNOCK_MILLIS = 250;

    private final RaftServer server;

    Succession(RaftServer server) {
        this.server = server;
    }

    /// Unless the leader was heard of since, or its process is there: on a busy host one that lives may take
    /// a second to open its stream of entries again, as it does after members have changed.
    ///
    /// @param lost the leader's node
    /// @param address its `host:port`
    void succeed(RaftServer.Division division, String lost, Optional<String> address, Duration silence) {
        DivisionInfo info = division.getInfo();
        TermIndex last = division.getRaftLog().getLastEntryTermIndex();
        RaftPeerId leader = info.getLeaderId();
        if (last == null || leader == null || !Member.nodeOf(leader.toString()).equals(lost)) {
            return;
        }
        long silent = info.getRoleInfoProto().getFollowerInfo().getLeaderInfo().getLastRpcElapsedTimeMs();
        if (!info.isFollower()
                || silent < silence.toMillis()
                || address.filter(Succession::isListening).isPresent()) {
            return;
        }
        LOG.log(System.Logger.Level.INFO, () -> "leader gone node=%s silent=%d ms".formatted(lost, silent));
        try {
            // What a leader asks of the one it hands its lead to.
            var _ = server.startLeaderElection(StartLeaderElectionRequestProto.newBuilder()
                    .setServerRequest(RaftRpcRequestProto.newBuilder()
                            .setRequestorId(leader.toByteString())
                            .setReplyId(division.getId().toByteString())
                            .setRaftGroupId(RaftGroupIdProto.newBuilder()
                                    .setId(division.getGroup().getGroupId().toByteString())))
                    .setLeaderLastEntry(
                            TermIndexProto.newBuilder().setTerm(last.getTerm()).setIndex(last.getIndex()))
                    .build());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.INFO, () -> "not elected at once reason=" + e.getMessage());
        }
    }

    /// Whether a process listens there: its kernel answers for it, however busy it is.
    private static boolean isListening(String address) {
        try (Socket knock = new Socket()) {
            knock.connect(MemberNames.socketAddress(address), KNOCK_MILLIS);
            return true;
        } catch (IOException refused) {
            LOG.log(System.Logger.Level.DEBUG, () -> "nobody listens address=%s reason=%s".formatted(address, refused));
            return false;
        }
    }
}
