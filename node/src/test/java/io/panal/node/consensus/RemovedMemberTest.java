package io.panal.node.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.node.consensus.Cluster.MemberUnderTest;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftClientReplyProto;
import org.apache.ratis.proto.RaftProtos.RaftClientRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.proto.grpc.RaftClientProtocolServiceGrpc;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.GrpcSslContexts;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContextBuilder;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A manager that was removed and goes on all the same, with a certificate that is valid for months.
class RemovedMemberTest {
    private static final long FAR_TERM = 1000;

    @TempDir
    private Path directory;

    private Cluster cluster;
    private MemberUnderTest a;
    private MemberUnderTest b;
    private MemberUnderTest c;
    private MemberUnderTest removed;

    @BeforeEach
    void makeClusterOfFour() throws Exception {
        cluster = new Cluster(directory);
        a = cluster.bootstrap("a");
        b = cluster.join("b");
        c = cluster.join("c");
        removed = cluster.join("x");
        cluster.write("before");
        Cluster.await("the entry", () -> removed.state.all().contains("before"));
    }

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    private static long term(MemberUnderTest member) {
        return member.consensus.info().orElseThrow().getCurrentTerm();
    }

    @Test
    void itsProcessGoesOnAndNothingChangesForTheOthers() throws Exception {
        long term = term(a);
        assertThat(a.consensus.removeMember(removed.nodeId)).isEqualTo(new Change.Done());
        Cluster.await("its candidacy", () -> removed.consensus.leader().isEmpty());
        Cluster.await("the word of it", () -> removed.events.contains("removed"));

        cluster.write("after");

        for (MemberUnderTest member : List.of(a, b, c)) {
            Cluster.await("the entry", () -> member.state.all().contains("after"));
            assertThat(term(member)).isEqualTo(term);
            assertThat(member.consensus.leader()).contains(a.nodeId);
        }
        assertThat(removed.state.all()).containsExactly("before");
    }

    @Test
    void itsDaemonWasDownMeanwhileAndIsToldByTheMembersThatItKnew() throws Exception {
        cluster.stop(removed);
        long term = term(a);
        assertThat(a.consensus.removeMember(removed.nodeId)).isEqualTo(new Change.Done());

        removed.restart();
        Cluster.await(
                "its candidacy", () -> removed.consensus.info().orElseThrow().isCandidate());
        cluster.tellMembers(removed);

        Cluster.await("the word of it", () -> removed.events.contains("removed"));
        cluster.write("after");
        for (MemberUnderTest member : List.of(a, b, c)) {
            assertThat(term(member)).isEqualTo(term);
        }
        assertThat(removed.events).noneMatch(event -> event.startsWith("failed"));
    }

    @Test
    void noCallOfItsOwnMakingReachesTheLog() throws Exception {
        long term = term(a);
        assertThat(a.consensus.removeMember(removed.nodeId)).isEqualTo(new Change.Done());

        for (MemberUnderTest member : List.of(a, b, c)) {
            Cluster.await("the news", () -> member.consensus.members().size() == 3);
            var calls = new Calls(removed, member);
            try {
                calls.attack();
            } finally {
                calls.channel.shutdownNow();
            }
            assertThat(term(member)).isEqualTo(term);
            assertThat(member.state.all()).containsExactly("before");
        }
        cluster.write("after");
        assertThat(cluster.leader()).isSameAs(a);
    }

    @Test
    void aStreamOpenedWhileItWasAMemberEndsAtItsNextMessage() throws Exception {
        var calls = new Calls(removed, b);
        try {
            var answers = new Answers<AppendEntriesReplyProto>();
            StreamObserver<AppendEntriesRequestProto> stream = calls.log().appendEntries(answers);
            stream.onNext(calls.entries(0));
            assertThat(answers.next()).isInstanceOf(AppendEntriesReplyProto.class);

            assertThat(a.consensus.removeMember(removed.nodeId)).isEqualTo(new Change.Done());
            Cluster.await("the news", () -> b.consensus.members().size() == 3);
            long term = term(b);
            stream.onNext(calls.entries(FAR_TERM));

            assertThat(answers.next()).isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(term(b)).isEqualTo(term);
        } finally {
            calls.channel.shutdownNow();
        }
    }

    @Test
    void aMemberThatWasAwayFollowsALeaderItHasNeverHeardOf() throws Exception {
        cluster.stop(c);
        MemberUnderTest fresh = cluster.join("d");
        assertThat(a.consensus.removeMember(removed.nodeId)).isEqualTo(new Change.Done());
        cluster.stop(removed);
        assertThat(a.consensus.transfer(fresh.nodeId)).isEqualTo(new Change.Done());
        Cluster.await("the lead", fresh.consensus::isLeader);
        cluster.write("of a stranger");

        c.restart();

        Cluster.await("the entry", () -> c.state.all().contains("of a stranger"));
        assertThat(c.events).contains("stranger");
        assertThat(c.consensus.leader()).contains(fresh.nodeId);
    }

    /// What comes back on a stream: messages, then its end.
    private static final class Answers<T> implements StreamObserver<T> {
        private final BlockingQueue<Object> all = new ArrayBlockingQueue<>(100);

        @Override
        public void onNext(T message) {
            all.add(message);
        }

        @Override
        public void onError(Throwable problem) {
            all.add(Status.fromThrowable(problem).getCode());
        }

        @Override
        public void onCompleted() {
            all.add(Status.Code.OK);
        }

        Object next() throws InterruptedException {
            Object next = all.poll(20, TimeUnit.SECONDS);
            return next == null ? "nothing" : next;
        }
    }

    /// The engine's own calls, made by hand with a member's certificate.
    private static final class Calls {
        private final RaftRpcRequestProto head;
        final ManagedChannel channel;

        Calls(MemberUnderTest from, MemberUnderTest to) throws Exception {
            RaftGroupId group = to.consensus.division().orElseThrow().getGroup().getGroupId();
            head = RaftRpcRequestProto.newBuilder()
                    .setRequestorId(id(from))
                    .setReplyId(id(to))
                    .setRaftGroupId(RaftGroupIdProto.newBuilder().setId(group.toByteString()))
                    .build();
            var tls = SslContextBuilder.forClient()
                    .keyManager(from.identity.keys())
                    .trustManager(from.identity.managersOnly())
                    .protocols("TLSv1.3");
            channel = NettyChannelBuilder.forAddress(new InetSocketAddress("127.0.0.1", to.port))
                    .sslContext(GrpcSslContexts.configure(tls, SslProvider.JDK).build())
                    .build();
        }

        private static ByteString id(MemberUnderTest member) {
            return RaftPeerId.valueOf(member.consensus.self().id()).toByteString();
        }

        RaftServerProtocolServiceGrpc.RaftServerProtocolServiceStub log() {
            return RaftServerProtocolServiceGrpc.newStub(channel);
        }

        AppendEntriesRequestProto entries(long term) {
            return AppendEntriesRequestProto.newBuilder()
                    .setServerRequest(head)
                    .setLeaderTerm(term)
                    .setLeaderCommit(0)
                    .build();
        }

        void attack() throws InterruptedException {
            var asking = RaftServerProtocolServiceGrpc.newBlockingStub(channel);
            TermIndexProto last = TermIndexProto.newBuilder()
                    .setTerm(FAR_TERM)
                    .setIndex(1_000_000)
                    .build();
            refused(() -> asking.requestVote(RequestVoteRequestProto.newBuilder()
                    .setServerRequest(head)
                    .setCandidateTerm(FAR_TERM)
                    .setCandidateLastEntry(last)
                    .build()));
            refused(() -> asking.startLeaderElection(StartLeaderElectionRequestProto.newBuilder()
                    .setServerRequest(head)
                    .setLeaderLastEntry(last)
                    .build()));
            refused(() -> asking.readIndex(
                    ReadIndexRequestProto.newBuilder().setServerRequest(head).build()));

            var entries = new Answers<AppendEntriesReplyProto>();
            log().appendEntries(entries).onNext(entries(FAR_TERM));
            assertThat(entries.next()).isEqualTo(Status.Code.PERMISSION_DENIED);
            var snapshot = new Answers<InstallSnapshotReplyProto>();
            log().installSnapshot(snapshot)
                    .onNext(InstallSnapshotRequestProto.newBuilder()
                            .setServerRequest(head)
                            .setLeaderTerm(FAR_TERM)
                            .build());
            assertThat(snapshot.next()).isEqualTo(Status.Code.PERMISSION_DENIED);
            var clients = new Answers<RaftClientReplyProto>();
            RaftClientProtocolServiceGrpc.newStub(channel)
                    .ordered(clients)
                    .onNext(RaftClientRequestProto.newBuilder()
                            .setRpcRequest(head)
                            .build());
            assertThat(clients.next()).isEqualTo(Status.Code.PERMISSION_DENIED);
        }

        private static void refused(ThrowingCallable call) {
            assertThatThrownBy(call)
                    .satisfies(
                            problem -> assertThat(Status.fromThrowable(problem).getCode())
                                    .isEqualTo(Status.Code.PERMISSION_DENIED))
                    .hasMessageContaining("is no member of this swarm's log");
        }
    }
}
