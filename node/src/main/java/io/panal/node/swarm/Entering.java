package io.panal.node.swarm;

import static java.lang.System.Logger.Level.INFO;

import io.panal.core.codec.Codec;
import io.panal.core.model.Cluster;
import io.panal.core.model.Id;
import io.panal.core.model.Meta;
import io.panal.core.model.Node;
import io.panal.node.engine.Swarm;
import io.panal.node.http.Refusal;
import io.panal.node.identity.Authority;
import io.panal.node.identity.Credentials;
import io.panal.node.identity.JoinToken;
import io.panal.node.identity.NodeName;
import io.panal.node.identity.Role;
import io.panal.node.identity.SealingKey;
import io.panal.node.identity.SigningRequest;
import io.panal.node.link.Joining;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What is needed to enter a swarm: a new one's first objects, or another's certificate.
final class Entering {
    private static final System.Logger LOG = System.getLogger(Entering.class.getName());
    private static final Duration ENROL_PATIENCE = Duration.ofSeconds(5);
    private static final int VXLAN_PORT = 4789;
    private static final String WRONG_TOKEN =
            "rpc error: code = InvalidArgument desc = A valid join token is necessary to join this cluster";

    private Entering() {}

    /// The first manager's certificate, signed by itself so to speak.
    static Credentials first(Authority authority, SeatFile.Seat seat, Duration validity) throws IOException {
        KeyPair key = SigningRequest.newKey();
        NodeName name = new NodeName(seat.nodeId(), Role.MANAGER, seat.clusterId());
        return new Credentials(
                key.getPrivate(),
                List.of(authority.issue(new SigningRequest(key.getPublic()), name, Instant.now(), validity)),
                List.of(authority.certificate()));
    }

    static Cluster cluster(Swarm.Init order, SeatFile.Seat seat, Authority authority) {
        Cluster.ClusterSpec spec = order.spec().orElse(Cluster.ClusterSpec.DEFAULT);
        return new Cluster(
                new Id<>(seat.clusterId()),
                Meta.UNSTAMPED,
                spec,
                new Cluster.Authority(
                        authority.certificateText(),
                        authority.keyText(),
                        SwarmKeys.tokens(authority),
                        TlsFacts.of(authority.certificate()),
                        Optional.empty()),
                new Cluster.Addressing(
                        order.addressPools(),
                        order.subnetSize(),
                        order.dataPath().port() == 0
                                ? VXLAN_PORT
                                : order.dataPath().port()),
                spec.encryptionConfig().autoLockManagers()
                        ? Optional.of(SealingKey.fresh().unlockKey())
                        : Optional.empty());
    }

    static Node self(SeatFile.Seat seat, Node.Description description, String availability) {
        Node admitted = Node.admitted(
                        new Id<>(seat.nodeId()), Node.Role.MANAGER, Addresses.hostOf(seat.advertiseAddress()))
                .managingAt(seat.advertiseAddress());
        return admitted.arrived(
                new Node.Arrival(description, Node.Availability.of(availability), seat.dataPathAddress()));
    }

    /// Asks the managers in turn, again and again, until one has decided.
    ///
    /// @param arrival what this node says of itself
    static Credentials enrolled(Swarm.Join order, Node.Arrival arrival) throws IOException, InterruptedException {
        if (order.remotes().isEmpty()) {
            throw new Refusal(400, "at least 1 RemoteAddr is required to join");
        }
        JoinToken token = JoinToken.parse(order.token()).orElseThrow(() -> new Refusal(400, WRONG_TOKEN));
        String said = new String(Codec.JSON.write(arrival), StandardCharsets.UTF_8);
        KeyPair key = SigningRequest.newKey();
        while (true) {
            for (String remote : order.remotes()) {
                Optional<Credentials> given = asked(remote, key, token, said);
                if (given.isPresent()) {
                    return given.get();
                }
            }
        }
    }

    private static Optional<Credentials> asked(String remote, KeyPair key, JoinToken token, String said)
            throws IOException, InterruptedException {
        String address = Addresses.split(remote, Addresses.MANAGER_PORT).toString();
        return switch (Joining.join(address, key, token, said, ENROL_PATIENCE)) {
            case Joining.Joined.Admitted(Credentials credentials) -> Optional.of(credentials);
            case Joining.Joined.Refused(String why) ->
                throw why.startsWith("remote CA")
                        ? new Refusal(500, why)
                        : new Refusal(400, "rpc error: code = InvalidArgument desc = " + why);
            case Joining.Joined.Unanswered(String why) -> {
                LOG.log(INFO, () -> "not admitted yet manager=%s reason=%s".formatted(address, why));
                if (why.contains("refused")) {
                    throw new Refusal(
                            503,
                            "rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing dial tcp %s: connect: connection refused\""
                                    .formatted(address));
                }
                yield Optional.empty();
            }
        };
    }
}
