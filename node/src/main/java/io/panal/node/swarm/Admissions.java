package io.panal.node.swarm;

import io.panal.core.codec.Codec;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Cluster;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.node.identity.Authority;
import io.panal.node.identity.JoinToken;
import io.panal.node.identity.NodeName;
import io.panal.node.identity.Role;
import io.panal.node.link.Enrollment;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Lets nodes in by their tokens, as the cluster's state says.
final class Admissions implements Enrollment {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ClusterState state;
    private final LeaderDesk desk;
    private final Supplier<Optional<String>> leaderAddress;

    Admissions(ClusterState state, LeaderDesk desk, Supplier<Optional<String>> leaderAddress) {
        this.state = state;
        this.desk = desk;
        this.leaderAddress = leaderAddress;
    }

    @Override
    public List<X509Certificate> roots() {
        return state.view()
                .cluster()
                .map(Cluster::authority)
                .map(Admissions::trusted)
                .orElse(List.of());
    }

    /// While the root is rotated nodes go on to trust the former one, which has signed the next.
    private static List<X509Certificate> trusted(Cluster.Authority authority) {
        return List.of(SwarmKeys.root(authority).certificate());
    }

    @Override
    public Verdict enroll(Applicant applicant) {
        if (!desk.isLeading()) {
            return elsewhere();
        }
        Optional<Cluster> cluster = state.view().cluster();
        if (cluster.isEmpty()) {
            return new Verdict.Later("the swarm is being made");
        }
        Optional<Role> role = role(applicant.token(), cluster.get().authority().joinTokens());
        if (role.isEmpty()) {
            return new Verdict.Refused("A valid join token is necessary to join this cluster");
        }
        Optional<Node.Arrival> arrival;
        try {
            arrival = arrival(applicant);
        } catch (Codec.Malformed malformed) {
            return new Verdict.Refused("what the node says of itself cannot be read: " + malformed.getMessage());
        }
        // Whoever missed the answer and asks again is admitted again, not a second time.
        Id<Node> id = new Id<>(Ids.of(applicant.key()));
        return admitted(
                ask(new Command.AdmitNode(id, model(role.get()), applicant.remoteAddress(), arrival)),
                cluster.get(),
                new NodeName(id.value(), role.get(), cluster.get().id().value()));
    }

    private static Optional<Node.Arrival> arrival(Applicant applicant) {
        return Optional.of(applicant.arrival())
                .filter(said -> !said.isEmpty())
                .map(said -> Codec.JSON.read(said.getBytes(StandardCharsets.UTF_8), Node.Arrival.class));
    }

    private static Optional<Role> role(String token, Cluster.JoinTokens tokens) {
        Optional<JoinToken> shown = JoinToken.parse(token);
        if (shown.isEmpty()) {
            return Optional.empty();
        }
        boolean isManager =
                JoinToken.parse(tokens.manager()).filter(shown.get()::sameAs).isPresent();
        boolean isWorker =
                JoinToken.parse(tokens.worker()).filter(shown.get()::sameAs).isPresent();
        return isManager ? Optional.of(Role.MANAGER) : isWorker ? Optional.of(Role.WORKER) : Optional.empty();
    }

    private static Node.Role model(Role role) {
        return switch (role) {
            case MANAGER -> Node.Role.MANAGER;
            case WORKER -> Node.Role.WORKER;
        };
    }

    @Override
    public Verdict renew(NodeName peer) {
        if (!desk.isLeading()) {
            return elsewhere();
        }
        Optional<Cluster> cluster = state.view().cluster();
        Optional<Node> node = state.view().nodes().find(new Id<>(peer.nodeId()));
        if (cluster.isEmpty()) {
            return new Verdict.Later("the swarm is being made");
        }
        if (node.isEmpty()) {
            return new Verdict.Refused("node %s is not part of this swarm any more".formatted(peer.nodeId()));
        }
        Role role = node.get().isManager() ? Role.MANAGER : Role.WORKER;
        return admitted(
                new Answer.Done(peer.nodeId(), 0, List.of()),
                cluster.get(),
                new NodeName(peer.nodeId(), role, cluster.get().id().value()));
    }

    private static Verdict admitted(Answer answer, Cluster cluster, NodeName name) {
        return switch (answer) {
            case Answer.Done _ ->
                new Verdict.Admitted(
                        SwarmKeys.signer(cluster.authority()),
                        name,
                        cluster.spec().caConfig().nodeCertExpiry().orElse(Authority.NODE_VALIDITY),
                        trusted(cluster.authority()));
            case Answer.Refused(String why) -> new Verdict.Refused(why);
            case Answer.Denied(String why) -> new Verdict.Refused(why);
            case Answer.Conflict(String why) -> new Verdict.Refused(why);
            case Answer.Missing(String why) -> new Verdict.Refused(why);
            case Answer.Unsupported(String why) -> new Verdict.Refused(why);
            case Answer.OutOfSequence(String why) -> new Verdict.Later(why);
            case Answer.Unavailable(String why) -> new Verdict.Later(why);
        };
    }

    private Verdict elsewhere() {
        return leaderAddress
                .get()
                .<Verdict>map(Verdict.Elsewhere::new)
                .orElseGet(() -> new Verdict.Later("the swarm has no leader at the moment"));
    }

    private Answer ask(Command command) {
        try {
            return desk.ask(command, PATIENCE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Answer.Unavailable("interrupted");
        }
    }
}
