package io.panal.core.manager.control;

import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Cluster;
import io.panal.core.model.Cluster.Authority;
import io.panal.core.model.Cluster.JoinTokens;
import io.panal.core.model.Network;
import io.panal.core.model.Network.NetworkSpec;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// The swarm itself.
final class ClusterControl {
    private static final Duration SHORTEST_EXPIRY = Duration.ofHours(1);

    /// The network that published ports are reached over, as Docker makes it at `swarm init`.
    private static final NetworkSpec INGRESS =
            new NetworkSpec("ingress", Map.of(), "overlay", Map.of(), false, false, true, false, Optional.empty());

    private ClusterControl() {}

    static Answer create(Command.CreateCluster command, Turn turn) {
        if (turn.view().cluster().isPresent()) {
            return new Answer.Conflict("This node is already part of a swarm. Use \"docker swarm leave\" to leave this"
                    + " swarm and join another one.");
        }
        turn.put(command.cluster());
        turn.put(command.self());
        turn.put(Network.created(turn.newId(), INGRESS));
        return Answers.done(command.cluster().id());
    }

    static Answer update(Command.UpdateCluster command, Turn turn) {
        Optional<Cluster> found = turn.view().cluster();
        if (found.isEmpty()) {
            return new Answer.Missing("there is no swarm: run \"docker swarm init\" first");
        }
        Cluster cluster = found.get();
        if (Answers.isOutOfSequence(cluster, command.version())) {
            return Answers.OUT_OF_SEQUENCE;
        }
        boolean isTooShort = command.spec()
                .caConfig()
                .nodeCertExpiry()
                .filter(expiry -> expiry.compareTo(SHORTEST_EXPIRY) < 0)
                .isPresent();
        if (isTooShort) {
            return Answers.invalid("minimum certificate expiry time is: 1h0m0s");
        }
        boolean isBackwards = command.spec()
                .dispatcher()
                .heartbeatPeriod()
                .filter(Duration::isNegative)
                .isPresent();
        if (isBackwards) {
            return Answers.invalid("heartbeat time period cannot be a negative duration");
        }
        turn.put(cluster.respecified(command.spec()).reauthorised(rotated(cluster.authority(), command.freshTokens())));
        return Answers.done(cluster.id());
    }

    private static Authority rotated(Authority authority, JoinTokens fresh) {
        JoinTokens present = authority.joinTokens();
        return new Authority(
                authority.caCertificate(),
                authority.caKey(),
                new JoinTokens(
                        fresh.worker().isEmpty() ? present.worker() : fresh.worker(),
                        fresh.manager().isEmpty() ? present.manager() : fresh.manager()),
                authority.tlsInfo());
    }
}
