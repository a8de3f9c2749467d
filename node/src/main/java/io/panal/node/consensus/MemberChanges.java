package io.panal.node.consensus;

import io.panal.node.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;

/// Changes of members and leader, one at a time.
final class MemberChanges {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final long TRANSFER_MILLIS = 5000;

    private final RaftServer server;
    private final RaftPeerId self;
    private final RaftGroupId group;
    private final ClientId client;

    MemberChanges(RaftServer server, RaftPeerId self, RaftGroupId group, ClientId client) {
        this.server = server;
        this.self = self;
        this.group = group;
        this.client = client;
    }

    /// The address others dial goes along as the admin address: Ratis itself only sees the name.
    static RaftPeer peer(Member member) {
        return RaftPeer.newBuilder()
                .setId(member.id())
                .setAddress(MemberNames.target(member.id()))
                .setAdminAddress(member.address())
                .build();
    }

    static List<Member> members(RaftConfiguration configuration) {
        return configuration.getCurrentPeers(RaftPeerRole.FOLLOWER).stream()
                .map(peer -> new Member(peer.getId().toString(), String.valueOf(peer.getAdminAddress())))
                .sorted(Comparator.comparing(Member::id))
                .toList();
    }

    Change add(Member joiner) throws InterruptedException {
        Change cleared = withoutFormer(joiner);
        if (!(cleared instanceof Change.Done)) {
            return cleared;
        }
        // Not as a listener first: a promoted listener stays in its starting state, without a vote, until the
        // leader changes (Ratis 3.3.0). New voters are staged all the same: they count once they have caught up.
        return until(() -> {
            RaftConfiguration now = configuration();
            if (holds(now.getCurrentPeers(RaftPeerRole.FOLLOWER), joiner.id())) {
                return Optional.empty();
            }
            var voters = new ArrayList<>(now.getCurrentPeers(RaftPeerRole.FOLLOWER));
            voters.add(peer(joiner));
            return Optional.of(change(now, voters));
        });
    }

    private Change withoutFormer(Member joiner) throws InterruptedException {
        List<Member> former = members(configuration()).stream()
                .filter(member ->
                        member.nodeId().equals(joiner.nodeId()) && !member.id().equals(joiner.id()))
                .toList();
        return former.isEmpty() ? new Change.Done() : remove(joiner.nodeId());
    }

    Change remove(String nodeId) throws InterruptedException {
        return until(() -> {
            RaftConfiguration now = configuration();
            Optional<Member> found = members(now).stream()
                    .filter(member -> member.nodeId().equals(nodeId))
                    .findFirst();
            if (found.isEmpty()) {
                return Optional.empty();
            }
            String id = found.get().id();
            return Optional.of(change(now, without(now.getCurrentPeers(RaftPeerRole.FOLLOWER), id)));
        });
    }

    Change transfer(Optional<String> nodeId) throws InterruptedException {
        Optional<RaftPeerId> target = Optional.empty();
        if (nodeId.isPresent()) {
            target = members(configuration()).stream()
                    .filter(member -> member.nodeId().equals(nodeId.get()))
                    .map(member -> RaftPeerId.valueOf(member.id()))
                    .findFirst();
            if (target.isEmpty()) {
                return new Change.Failed("node " + nodeId.get() + " is no member");
            }
        }
        try {
            return outcome(server.transferLeadershipAsync(new TransferLeadershipRequest(
                    client, self, group, CallId.getAndIncrement(), target.orElse(null), TRANSFER_MILLIS)));
        } catch (IOException e) {
            return new Change.Failed(String.valueOf(e.getMessage()));
        }
    }

    /// One step of a change: empty when nothing is left to do.
    private interface Step {
        Optional<CompletableFuture<RaftClientReply>> next() throws IOException;
    }

    // A change under way, a member that is slow to catch up: both pass, so the step is asked for again.
    private static Change until(Step step) throws InterruptedException {
        Deadline deadline = Deadline.after(LIMIT);
        while (true) {
            Change change;
            try {
                Optional<CompletableFuture<RaftClientReply>> next = step.next();
                if (next.isEmpty()) {
                    return new Change.Done();
                }
                change = outcome(next.get());
            } catch (IOException e) {
                change = new Change.Failed(String.valueOf(e.getMessage()));
            }
            if (change instanceof Change.NotLeader || deadline.isOver()) {
                return change;
            }
            if (change instanceof Change.Failed) {
                Thread.sleep(PAUSE);
            }
        }
    }

    private CompletableFuture<RaftClientReply> change(RaftConfiguration now, List<RaftPeer> voters) throws IOException {
        var arguments = SetConfigurationRequest.Arguments.newBuilder()
                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                .setServersInCurrentConf(List.copyOf(now.getAllPeers(RaftPeerRole.FOLLOWER)))
                .setServersInNewConf(voters)
                .build();
        return server.setConfigurationAsync(
                new SetConfigurationRequest(client, self, group, CallId.getAndIncrement(), arguments));
    }

    private static Change outcome(CompletableFuture<RaftClientReply> future) throws InterruptedException {
        try {
            RaftClientReply reply = future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (reply.isSuccess()) {
                return new Change.Done();
            }
            NotLeaderException notLeader = reply.getNotLeaderException();
            if (notLeader != null) {
                return new Change.NotLeader(Optional.ofNullable(notLeader.getSuggestedLeader())
                        .map(peer -> Member.nodeOf(peer.getId().toString())));
            }
            return new Change.Failed(String.valueOf(reply.getException().getMessage()));
        } catch (ExecutionException e) {
            return new Change.Failed(String.valueOf(e.getCause()));
        } catch (TimeoutException _) {
            return new Change.Failed("no answer within " + LIMIT.toSeconds() + " s");
        }
    }

    private RaftConfiguration configuration() {
        try {
            return server.getDivision(group).getRaftConf();
        } catch (IOException e) {
            throw new IllegalStateException("a member holds its log", e);
        }
    }

    private static boolean holds(Collection<RaftPeer> peers, String id) {
        return peers.stream().anyMatch(peer -> peer.getId().toString().equals(id));
    }

    private static List<RaftPeer> without(Collection<RaftPeer> peers, String id) {
        return peers.stream()
                .filter(peer -> !peer.getId().toString().equals(id))
                .toList();
    }
}
