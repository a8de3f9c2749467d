package io.panal.node.consensus;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;

/// This member's own proposals on their way into the log, and what became of them.
final class Submitting {
    private final RaftServer server;
    private final RaftPeerId self;
    private final RaftGroupId group;
    private final ClientId client;
    private final Supplier<Optional<String>> leader;

    Submitting(
            RaftServer server, RaftPeerId self, RaftGroupId group, ClientId client, Supplier<Optional<String>> leader) {
        this.server = server;
        this.self = self;
        this.group = group;
        this.client = client;
        this.leader = leader;
    }

    /// @param outcome called once, on the engine's thread or at once: must not block
    void send(Proposal proposal, Consumer<Submission> outcome) {
        var request = RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(self)
                .setGroupId(group)
                .setCallId(CallId.getAndIncrement())
                .setMessage(proposal)
                .setType(RaftClientRequest.writeRequestType())
                .build();
        try {
            var _ = server.submitClientRequestAsync(request)
                    .whenComplete((reply, problem) -> outcome.accept(outcome(proposal, reply, problem)));
        } catch (IOException e) {
            outcome.accept(outcome(proposal, null, e));
        }
    }

    private Submission outcome(Proposal proposal, @Nullable RaftClientReply reply, @Nullable Throwable problem) {
        if (reply != null && reply.isSuccess()) {
            return reply.getMessage().getContent().equals(Proposal.STALE.getContent())
                    ? new Submission.NotLeader(leader.get())
                    : new Submission.Committed(reply.getLogIndex());
        }
        String why = String.valueOf(problem != null ? problem : reply == null ? "closed" : reply.getException());
        if (proposal.mayBeInTheLog()) {
            return new Submission.Unknown(why);
        }
        return why.contains("ResourceUnavailable") ? new Submission.Busy(why) : new Submission.NotLeader(leader.get());
    }

    static Submission await(CompletableFuture<Submission> answer, Duration limit) throws InterruptedException {
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return new Submission.Unknown("no answer within " + limit.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw new IllegalStateException("an outcome is never an exception", e);
        }
    }
}
