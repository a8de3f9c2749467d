package io.panal.node.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.agent.Assignment;
import io.panal.core.agent.NetworkOrders;
import io.panal.core.codec.Codec;
import io.panal.core.model.Id;
import io.panal.core.model.PortConfig;
import io.panal.core.model.Task;
import io.panal.core.model.TaskSpec;
import io.panal.core.model.TaskState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NetworkPlansTest {
    private static String firstOf(String nodeAddress) {
        List<NetworkOrders.Backend> backends = List.of(
                new NetworkOrders.Backend("web.1", "10.0.0.5", List.of()),
                new NetworkOrders.Backend("web.2", "10.0.0.6", List.of()),
                new NetworkOrders.Backend("web.3", "10.0.0.7", List.of()));
        NetworkOrders.Balanced web = new NetworkOrders.Balanced(
                new Id<>("s1"),
                "web",
                List.of(),
                "10.0.0.4",
                backends,
                List.of(new PortConfig("", PortConfig.Protocol.TCP, 80, 8000, PortConfig.PublishMode.INGRESS)));
        NetworkOrders.Overlay ingress = new NetworkOrders.Overlay(
                new Id<>("n1"),
                "ingress",
                4096,
                List.of(),
                0,
                true,
                false,
                Optional.empty(),
                "10.0.0.2/24",
                List.of(),
                List.of(web),
                List.of());
        return NetworkPlans.state(new NetworkOrders(nodeAddress, 4789, List.of(ingress), List.of(), List.of()))
                .overlays()
                .getFirst()
                .published()
                .getFirst()
                .backends()
                .getFirst();
    }

    @Test
    void neighbouringNodesBeginTheirRoundsWithDifferentTasks() {
        TreeSet<String> firsts =
                new TreeSet<>(List.of(firstOf("192.168.66.100"), firstOf("192.168.66.101"), firstOf("192.168.66.102")));

        assertThat(firsts).hasSize(3);
    }

    private static NetworkOrders.Overlay overlay(String id, boolean internal) {
        return new NetworkOrders.Overlay(
                new Id<>(id),
                id,
                4097,
                List.of(),
                0,
                false,
                internal,
                Optional.empty(),
                "",
                List.of(),
                List.of(),
                List.of());
    }

    private static boolean reachesOut(String... networks) {
        Assignment order = new Assignment(
                new Id<>("t1"),
                1,
                TaskState.RUNNING,
                new Assignment.ServiceIdentity(new Id<>("s1"), "web", Map.of()),
                Codec.JSON.read("{}".getBytes(StandardCharsets.UTF_8), TaskSpec.class),
                List.of(),
                Stream.of(networks)
                        .map(network -> new Task.Attachment(new Id<>(network), List.of("10.0.1.5/24"), List.of()))
                        .toList(),
                false,
                false,
                Map.of(),
                "");
        List<NetworkOrders.Overlay> overlays = List.of(overlay("inner", true), overlay("outer", false));
        return NetworkPlans.reachesOut(
                order, new NetworkOrders("192.168.66.100", 4789, overlays, List.of(), List.of()));
    }

    @Test
    void aTaskReachesOutUnlessAllItsNetworksAreInternal() {
        assertThat(reachesOut()).isTrue();
        assertThat(reachesOut("inner")).isFalse();
        assertThat(reachesOut("inner", "outer")).isTrue();
    }
}
