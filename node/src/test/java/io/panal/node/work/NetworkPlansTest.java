package io.panal.node.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.agent.NetworkOrders;
import io.panal.core.model.Id;
import io.panal.core.model.PortConfig;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NetworkPlansTest {
    private static String firstOf(String nodeAddress) {
        List<NetworkOrders.Backend> backends = List.of(
                new NetworkOrders.Backend("web.1", "10.0.0.5"),
                new NetworkOrders.Backend("web.2", "10.0.0.6"),
                new NetworkOrders.Backend("web.3", "10.0.0.7"));
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
                "10.0.0.2/24",
                0,
                1,
                List.of(),
                List.of(web));
        return NetworkPlans.state(new NetworkOrders(nodeAddress, 4789, List.of(ingress)))
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
}
