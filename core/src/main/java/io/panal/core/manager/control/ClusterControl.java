package io.panal.core.manager.control;

import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Cluster;
import io.panal.core.model.Cluster.Authority;
import io.panal.core.model.Cluster.JoinTokens;
import io.panal.core.model.Network;
import io.panal.core.model.Network.NetworkSpec;
import io.panal.core.model.Node;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The swarm itself.
public final class ClusterControl {
    private static final Duration SHORTEST_EXPIRY = Duration.ofHours(1);

    /// The network that published ports are reached over, as Docker makes it at `swarm init`.
    private static final NetworkSpec INGRESS =
            new NetworkSpec("ingress", Map.of(), "overlay", Map.of(), false, false, true, false, Optional.empty());

    private ClusterControl() {}

    /// Has the networks that every node has of its own in the state, for services to name; also in that of a swarm
    /// founded before there were any.
    public static void predefine(Turn turn) {
        if (turn.view().cluster().isEmpty()) {
            return;
        }
        for (String driver : NetworkSpec.OF_NODE) {
            if (turn.view().networks().all().stream()
                    .noneMatch(network -> network.spec().driver().equals(driver))) {
                turn.put(Network.created(turn.newId(), NetworkSpec.ofNode(driver)));
            }
        }
    }

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

    /// The others are no managers any more, and nothing is known of them until they are heard of again.
    static Answer forceNew(Command.ForceNewCluster command, Turn turn) {
        Optional<Node> self = turn.view().nodes().find(command.self());
        if (self.isEmpty()) {
            return Answers.missing("node", command.self());
        }
        for (Node node : List.copyOf(turn.view().nodes().all())) {
            if (node.isManager() && !node.id().equals(command.self())) {
                turn.put(node.inRole(Node.Role.WORKER).managingNoMore().heard(Node.State.UNKNOWN, ""));
            }
        }
        turn.put(self.get().inRole(Node.Role.MANAGER).managingAt(command.managerAddress()));
        return Answers.done(command.self());
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
        Command.FreshKeys fresh = command.fresh();
        Authority readmitting = cluster.authority().admittingWith(replaced(cluster.authority(), fresh.tokens()));
        turn.put(cluster.respecified(command.spec())
                .reauthorised(fresh.rotation().map(readmitting::rotating).orElse(readmitting))
                .lockedWith(unlockKey(cluster, command)));
        return Answers.done(cluster.id());
    }

    private static Optional<String> unlockKey(Cluster cluster, Command.UpdateCluster command) {
        return command.spec().encryptionConfig().autoLockManagers()
                ? command.fresh().unlockKey().or(cluster::unlockKey)
                : Optional.empty();
    }

    private static JoinTokens replaced(Authority authority, JoinTokens fresh) {
        JoinTokens present = authority.joinTokens();
        return new JoinTokens(
                fresh.worker().isEmpty() ? present.worker() : fresh.worker(),
                fresh.manager().isEmpty() ? present.manager() : fresh.manager());
    }

    /// The next root takes the place of the present one when every node has a certificate that it signed. A node that
    /// is down holds this up until it comes back or is removed, as in Swarm.
    public static void endRotation(Turn turn) {
        Optional<Cluster> cluster = turn.view().cluster();
        Optional<Cluster.Rotation> rotation =
                cluster.flatMap(own -> own.authority().rotation());
        if (cluster.isEmpty() || rotation.isEmpty()) {
            return;
        }
        Node.TlsInfo next = rotation.get().tlsInfo();
        boolean isEveryNodes = turn.view().nodes().all().stream()
                .allMatch(node -> node.description()
                        .filter(said -> said.tlsInfo().isIssuedAs(next))
                        .isPresent());
        if (isEveryNodes) {
            turn.put(cluster.get().reauthorised(cluster.get().authority().rotated()));
        }
    }
}
