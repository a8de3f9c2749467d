package io.panal.core.manager;

import static io.panal.core.manager.FakeCluster.replicated;
import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.agent.NetworkOrders;
import io.panal.core.api.ClusterEvents;
import io.panal.core.api.Portraits;
import io.panal.core.manager.control.Command;
import io.panal.core.manager.turn.Limits;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.store.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NetworkKeysTest {
    private static final Duration PERIOD = Duration.ofMinutes(2);

    private static Command.CreateNetwork network(String name, Map<String, String> options) {
        return new Command.CreateNetwork(
                new Id<>(name),
                new Network.NetworkSpec(
                        name, Map.of(), "overlay", options, false, true, false, false, Optional.empty()));
    }

    private static FakeCluster withEncrypted() {
        FakeCluster cluster = FakeCluster.of(2, new Manager(Limits.DEFAULT.rotatingEvery(PERIOD)));
        cluster.ask(network("safe", Map.of("encrypted", "")));
        cluster.ask(network("plain", Map.of()));
        cluster.create(
                replicated("web", 2, "web:1", ", \"Networks\": [{\"Target\": \"safe\"}, {\"Target\": \"plain\"}]"));
        cluster.settle();
        return cluster;
    }

    private static Network.Sealing sealing(FakeCluster cluster) {
        return cluster.view.networks().require(new Id<>("safe")).sealing().orElseThrow();
    }

    private static List<NetworkOrders.Overlay> told(FakeCluster cluster, String network) {
        return cluster.nodes.values().stream()
                .flatMap(node -> node.told.orElseThrow().network().overlays().stream())
                .filter(overlay -> overlay.name().equals(network))
                .toList();
    }

    @Test
    void onlyEncryptedNetworksHaveKeysAndTheirNodesAreToldThem() {
        FakeCluster cluster = withEncrypted();

        assertThat(cluster.view.networks().require(new Id<>("plain")).sealing()).isEmpty();
        assertThat(sealing(cluster).keys()).extracting(Network.Key::generation).containsExactly(1, 2);
        assertThat(told(cluster, "plain"))
                .isNotEmpty()
                .allSatisfy(overlay -> assertThat(overlay.sealing()).isEmpty());
        assertThat(told(cluster, "safe"))
                .isNotEmpty()
                .allSatisfy(overlay -> assertThat(overlay.sealing()).contains(sealing(cluster)));
    }

    @Test
    void theNextKeyTakesOverAfterAPeriodAndThreeAreKept() {
        FakeCluster cluster = withEncrypted();
        List<Network.Key> present = new ArrayList<>();
        TreeSet<String> secrets = new TreeSet<>();
        for (int period = 0; period < 4; period++) {
            Network.Sealing before = sealing(cluster);
            present.add(before.present());
            before.keys().forEach(key -> secrets.add(key.secret()));
            cluster.advance(PERIOD.plusSeconds(6));

            assertThat(sealing(cluster).present()).isEqualTo(before.keys().getLast());
            assertThat(sealing(cluster).keys()).hasSize(3).contains(before.present());
            assertThat(told(cluster, "safe"))
                    .isNotEmpty()
                    .allSatisfy(overlay -> assertThat(overlay.sealing()).contains(sealing(cluster)));
        }
        assertThat(present).extracting(Network.Key::generation).containsExactly(1, 2, 3, 4);
        assertThat(secrets).hasSize(5);
    }

    @Test
    void anotherLeaderGoesOnWithTheKeysThatAreThere() {
        FakeCluster cluster = withEncrypted();
        Network.Sealing before = sealing(cluster);
        cluster.changeLeader();
        cluster.settle();

        assertThat(sealing(cluster)).isEqualTo(before);
        assertThat(told(cluster, "safe")).isNotEmpty();
    }

    @Test
    void theDefaultPeriodIsThatOfDocker() {
        assertThat(Limits.DEFAULT.keyPeriod()).isEqualTo(Duration.ofHours(12));
    }

    @Test
    void noKeyIsShownToUsersOrWrittenOut() {
        FakeCluster cluster = withEncrypted();
        View before = cluster.view;
        int logged = cluster.log.size();
        cluster.advance(PERIOD.plusSeconds(6));
        Network safe = cluster.view.networks().require(new Id<>("safe"));

        for (Network.Key key : sealing(cluster).keys()) {
            assertThat(safe.toString()).doesNotContain(key.secret());
            assertThat(Portraits.network(safe).toString()).doesNotContain(key.secret());
        }
        assertThat(cluster.log.subList(logged, cluster.log.size()))
                .anyMatch(batch -> batch.toString().contains("safe"))
                .allSatisfy(batch -> assertThat(ClusterEvents.of(before, batch)).isEmpty());
    }
}
