package io.panal.node.link;

import io.panal.node.consensus.Change;
import io.panal.node.consensus.Consensus;
import io.panal.node.consensus.Member;
import io.panal.node.identity.NodeName;
import io.panal.node.identity.Pem;
import io.panal.node.identity.SigningRequest;
import java.io.DataInputStream;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.thirdparty.io.grpc.Context;
import org.apache.ratis.thirdparty.io.grpc.Deadline;
import org.jspecify.annotations.Nullable;

/// What a manager answers to single calls.
final class LinkCalls {
    private static final Duration FORWARD_LIMIT = Duration.ofSeconds(60);

    private final Enrollment enrollment;
    private final ManagerServices services;
    private volatile @Nullable Consensus consensus;

    LinkCalls(Enrollment enrollment, ManagerServices services) {
        this.enrollment = enrollment;
        this.services = services;
    }

    void serve(Consensus member) {
        consensus = member;
    }

    byte[] roots(LinkServer.Caller caller, byte[] request) {
        return Wire.bytes(out -> Wire.writeText(out, Pem.text(enrollment.roots())));
    }

    byte[] enroll(LinkServer.Caller caller, byte[] request) throws IOException {
        DataInputStream in = Wire.reader(request);
        String token = Wire.readText(in);
        String signing = Wire.readText(in);
        String arrival = Wire.readText(in);
        return SigningRequest.read(signing)
                .map(key -> issue(
                        enrollment.enroll(
                                new Enrollment.Applicant(key.publicKey(), token, arrival, caller.remoteAddress())),
                        key))
                .orElseGet(() -> new Issue.Refused("the certificate request cannot be read"))
                .encoded();
    }

    byte[] renew(NodeName peer, byte[] request) throws IOException {
        String signing = Wire.readText(Wire.reader(request));
        return SigningRequest.read(signing)
                .map(key -> issue(enrollment.renew(peer), key))
                .orElseGet(() -> new Issue.Refused("the certificate request cannot be read"))
                .encoded();
    }

    private static Issue issue(Enrollment.Verdict verdict, SigningRequest key) {
        return switch (verdict) {
            case Enrollment.Verdict.Admitted admitted -> {
                X509Certificate certificate =
                        admitted.authority().issue(key, admitted.name(), Instant.now(), admitted.validity());
                yield new Issue.Granted(
                        Pem.text(admitted.authority().chain(certificate)), Pem.text(admitted.trusted()));
            }
            case Enrollment.Verdict.Refused(String why) -> new Issue.Refused(why);
            case Enrollment.Verdict.Elsewhere(String address) -> new Issue.Elsewhere(address);
            case Enrollment.Verdict.Later(String why) -> new Issue.Later(why);
        };
    }

    byte[] forward(NodeName peer, byte[] request) throws IOException {
        Deadline deadline = Context.current().getDeadline();
        Duration left = deadline == null
                ? FORWARD_LIMIT
                : Duration.ofMillis(Math.max(0, deadline.timeRemaining(TimeUnit.MILLISECONDS)));
        Optional<byte[]> answer = services.forwarded(peer, request, left);
        return answer.map(Wire::data).orElse(new byte[0]);
    }

    byte[] introduce(NodeName peer, byte[] request) {
        return admitted(peer, member -> {
                    String introduction = Base64.getEncoder()
                            .encodeToString(member.introduction().encoded());
                    return new Issue.Granted(introduction, "");
                })
                .encoded();
    }

    byte[] join(NodeName peer, byte[] request) throws IOException {
        DataInputStream in = Wire.reader(request);
        var joiner = new Member(Wire.readText(in), Wire.readText(in));
        if (!joiner.nodeId().equals(peer.nodeId())) {
            throw new IOException("a node can only join as itself");
        }
        return admitted(peer, member -> added(member, joiner)).encoded();
    }

    private static Issue added(Consensus member, Member joiner) throws InterruptedException {
        return switch (member.addMember(joiner)) {
            case Change.Done _ -> new Issue.Granted("", "");
            case Change.NotLeader _ ->
                member.leaderAddress()
                        .<Issue>map(Issue.Elsewhere::new)
                        .orElse(new Issue.Later("the swarm has no leader at the moment"));
            case Change.Failed(String why) -> new Issue.Later(why);
        };
    }

    byte[] announce(NodeName peer, byte[] request) throws IOException {
        Consensus member = consensus;
        if (member == null) {
            throw new IOException("this manager is not ready yet");
        }
        DataInputStream in = Wire.reader(request);
        String address = Wire.readText(in);
        long generation = in.readLong();
        if (generation == member.generation()) {
            member.greet(peer.nodeId(), address);
        } else if (generation > member.generation()) {
            services.outcast();
        }
        return Wire.bytes(out -> {
            out.writeLong(member.generation());
            var addresses = member.introduction().addresses();
            out.writeInt(addresses.size());
            for (var known : addresses.entrySet()) {
                Wire.writeText(out, known.getKey());
                Wire.writeText(out, known.getValue());
            }
            Wire.writeMembership(out, member.membership());
        });
    }

    private interface Grant {
        Issue by(Consensus member) throws InterruptedException;
    }

    private Issue admitted(NodeName peer, Grant grant) {
        Consensus member = consensus;
        if (member == null) {
            return new Issue.Later("this manager is not ready yet");
        }
        Optional<String> refusal = services.refusalToJoin(peer);
        if (refusal.isPresent()) {
            return new Issue.Refused(refusal.get());
        }
        try {
            return grant.by(member);
        } catch (InterruptedException _) {
            return new Issue.Later("this manager stops");
        }
    }
}
