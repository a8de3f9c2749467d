package io.panal.node.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.api.Standing;
import io.panal.node.engine.EventFeed;
import io.panal.node.networks.Guests;
import io.panal.node.networks.LocalNetworks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RestoreTest {
    @TempDir
    Path folder;

    private SwarmNode node() throws IOException {
        LocalNetworks networks = LocalNetworks.unplugged(folder.resolve("networks"));
        return new SwarmNode(new SwarmNode.Host(
                folder.resolve("data"),
                folder.resolve("run"),
                "0",
                Map.of(),
                (here, outcomes) -> {
                    throw new IllegalStateException("no work here");
                },
                (kind, request, stream) -> {},
                Guests.none(networks),
                new EventFeed(),
                () -> {},
                why -> {}));
    }

    @Test
    void whatNeedsTheSwarmWaitsUntilTheNodeIsRestored() throws Exception {
        try (SwarmNode node = node()) {
            var asked = new FutureTask<>(node::standing);
            Thread asker = Thread.ofPlatform().start(asked);
            Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
            while (asker.getState() != Thread.State.TIMED_WAITING
                    && Instant.now().isBefore(deadline)) {
                Thread.onSpinWait();
            }
            assertThat(asked.isDone()).isFalse();

            node.restore();

            assertThat(asked.get(20, TimeUnit.SECONDS)).isInstanceOf(Standing.Outside.class);
        }
    }

    @Test
    void whatThisNodeIsIsToldBefore() throws Exception {
        new SeatFile(folder.resolve("data").resolve("swarm").resolve("seat"))
                .save(new SeatFile.Seat(
                        "c", "n", true, "0.0.0.0:2377", "10.0.0.1:2377", "10.0.0.1", List.of("10.0.0.1:2377")));
        try (SwarmNode node = node()) {
            assertThat(node.membership().state()).isEqualTo("active");
            assertThat(node.membership().control()).isTrue();
            assertThat(node.membership().nodeId()).isEqualTo("n");
        }
    }
}
