package io.panal.node.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.core.codec.Codec;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.store.Batch;
import io.panal.core.store.Change;
import io.panal.node.consensus.Submission;
import io.panal.node.identity.NodeName;
import io.panal.node.identity.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Requests that other managers pass on, by what the swarm's state says of them: a certificate says less.
class ReceptionTest {
    private static final byte[] QUESTION = {Reception.VERSION};

    private final ClusterState state = new ClusterState();
    private final LeaderDesk desk = new LeaderDesk(new Id<>("self"), state, new NoLog(), _ -> {});
    private final Reception reception = new Reception(state, desk, Optional::empty, () -> {});
    private long index;

    private static final class NoLog implements LeaderDesk.Log {
        @Override
        public Optional<String> shortage() {
            return Optional.empty();
        }

        @Override
        public void submit(long term, byte[] entry, Consumer<Submission> outcome) {
            outcome.accept(new Submission.NotLeader(Optional.empty()));
        }

        @Override
        public void removeMember(Id<Node> node) {}
    }

    @BeforeEach
    void lead() {
        desk.led(1);
        apply(new Change.Put(Node.admitted(new Id<>("other"), Node.Role.MANAGER, "10.0.0.2")));
    }

    @AfterEach
    void close() {
        desk.close();
    }

    private void apply(Change change) {
        state.apply(1, ++index, Codec.BINARY.write(new Batch(Instant.EPOCH, List.of(change))));
    }

    private Optional<byte[]> forwarded() throws Exception {
        return reception.forwarded(new NodeName("other", Role.MANAGER, "cluster"), QUESTION, Duration.ofSeconds(5));
    }

    @Test
    void aManagersRequestIsAnswered() throws Exception {
        assertThat(forwarded()).isPresent();
    }

    @Test
    void aRemovedManagersRequestIsRefused() {
        apply(new Change.Delete("node", "other"));

        assertThatThrownBy(this::forwarded).hasMessage("node other is not part of this swarm");
    }

    @Test
    void aDemotedManagersRequestIsRefused() {
        apply(new Change.Put(Node.admitted(new Id<>("other"), Node.Role.WORKER, "10.0.0.2")));

        assertThatThrownBy(this::forwarded).hasMessage("node other is no manager of this swarm");
    }
}
