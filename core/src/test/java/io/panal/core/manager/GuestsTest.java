package io.panal.core.manager;

import static io.panal.core.manager.FakeCluster.replicated;
import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.agent.NetworkOrders;
import io.panal.core.codec.Codec;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Guest;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.store.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuestsTest {
    private static final Id<Node> FIRST = new Id<>("node1");
    private static final Id<Node> SECOND = new Id<>("node2");

    private final FakeCluster cluster = FakeCluster.of(2);

    private void network(String name, boolean attachable, boolean ipv6, String subnet) {
        Network.Ipam ipam = new Network.Ipam("", Map.of(), List.of(Network.Subnet.of(subnet, "", "")));
        assertThat(cluster.ask(new Command.CreateNetwork(
                        new Id<>(name + "id"),
                        new Network.NetworkSpec(
                                name,
                                Map.of(),
                                "overlay",
                                Map.of(),
                                false,
                                attachable,
                                false,
                                ipv6,
                                Optional.of(ipam)))))
                .isInstanceOf(Answer.Done.class);
        cluster.settle();
    }

    private Answer host(String id, Id<Node> node, String container, String network, String address) {
        Answer answer = cluster.ask(new Command.HostGuest(
                new Id<>(id), node, container, network, List.of(container, container + "-alias"), address));
        cluster.settle();
        return answer;
    }

    private NetworkOrders orders(Id<Node> node) {
        return cluster.nodes.get(node).told.orElseThrow().network();
    }

    private Optional<NetworkOrders.Overlay> overlay(Id<Node> node, String name) {
        return orders(node).overlays().stream()
                .filter(overlay -> overlay.name().equals(name))
                .findFirst();
    }

    private String address(String guest) {
        return cluster.view
                .guests()
                .require(new Id<>(guest))
                .attachment()
                .addresses()
                .getFirst();
    }

    @Test
    void aContainerIsKnownByItsNamesOnAllNodesOfItsNetwork() {
        network("back", true, false, "10.7.0.0/24");
        cluster.create(replicated("web", 3, "web:1", ", \"Networks\": [{\"Target\": \"back\"}]"));
        cluster.settle();

        assertThat(host("g1", FIRST, "shell", "back", "")).isInstanceOf(Answer.Done.class);

        String ip = address("g1").substring(0, address("g1").indexOf('/'));
        for (Id<Node> node : cluster.nodes.keySet()) {
            NetworkOrders.Overlay overlay = overlay(node, "back").orElseThrow();
            assertThat(overlay.named()).containsExactly(new NetworkOrders.Named(ip, List.of("shell", "shell-alias")));
            assertThat(overlay.peers().stream().anyMatch(peer -> peer.ip().equals(ip)))
                    .isEqualTo(!node.equals(FIRST));
            assertThat(overlay.services())
                    .singleElement()
                    .satisfies(web -> assertThat(web.backends()).hasSize(3));
        }
        assertThat(orders(FIRST).guests())
                .singleElement()
                .satisfies(guest -> assertThat(guest.container()).isEqualTo("shell"));
        assertThat(orders(SECOND).guests()).isEmpty();
        assertThat(orders(FIRST).visited())
                .extracting(network -> network.spec().name())
                .containsExactly("back");
        assertThat(orders(SECOND).visited()).isEmpty();
        assertThat(Codec.BINARY.read(Codec.BINARY.write(orders(FIRST)), NetworkOrders.class))
                .isEqualTo(orders(FIRST));
    }

    @Test
    void aNodeIsInANetworkAsLongAsItHasAContainerThere() {
        network("back", true, false, "10.7.0.0/24");
        assertThat(overlay(FIRST, "back")).isEmpty();

        host("g1", FIRST, "shell", "backid", "");
        assertThat(overlay(FIRST, "back")).isPresent();
        assertThat(overlay(SECOND, "back")).isEmpty();
        assertThat(cluster.ask(new Command.RemoveNetwork(new Id<>("backid"))))
                .isEqualTo(new Answer.Refused(
                        "rpc error: code = FailedPrecondition desc = network backid is in use by task g1"));

        cluster.ask(new Command.DropGuests(SECOND, List.of(new Id<>("g1"))));
        assertThat(cluster.view.guests().size()).as("another node says so").isOne();
        cluster.ask(new Command.DropGuests(FIRST, List.of(new Id<>("g1"), new Id<>("unknown"))));
        cluster.settle();
        assertThat(overlay(FIRST, "back")).isEmpty();
        assertThat(orders(FIRST).guests()).isEmpty();
        assertThat(cluster.ask(new Command.RemoveNetwork(new Id<>("backid")))).isInstanceOf(Answer.Done.class);
    }

    @Test
    void whatCannotBeHostedIsToldWhy() {
        network("closed", false, false, "10.7.0.0/24");
        network("small", true, false, "10.7.1.0/30");

        assertThat(host("g1", FIRST, "shell", "closed", ""))
                .isEqualTo(
                        new Answer.Denied(
                                "Could not attach to network closed: rpc error: code = PermissionDenied desc = network closed not manually attachable"));
        assertThat(host("g1", FIRST, "shell", "nothing", ""))
                .isEqualTo(new Answer.Missing("network nothing not found"));
        assertThat(host("g1", FIRST, "shell", "host", "")).isEqualTo(new Answer.Missing("network host not found"));
        assertThat(host("g1", FIRST, "shell", "small", "10.8.0.1")).isInstanceOf(Answer.Refused.class);
        assertThat(host("g1", FIRST, "shell", "small", "10.7.1.2")).isInstanceOf(Answer.Done.class);
        assertThat(host("g2", SECOND, "other", "small", "10.7.1.2"))
                .isEqualTo(new Answer.Denied("Address already in use"));
        assertThat(host("g2", SECOND, "other", "small", ""))
                .isEqualTo(new Answer.Unavailable("network small has no free address: 1 of 1 are in use"));
        assertThat(cluster.view.guests().size()).isOne();
    }

    @Test
    void askedAgainAContainerKeepsItsAddress() {
        network("back", true, true, "10.7.0.0/24");
        host("g1", FIRST, "shell", "back", "");
        Guest first = cluster.view.guests().require(new Id<>("g1"));

        assertThat(host("g2", FIRST, "shell", "back", "")).isInstanceOf(Answer.Done.class);

        assertThat(cluster.view.guests().find(new Id<>("g1"))).isEmpty();
        Guest again = cluster.view.guests().require(new Id<>("g2"));
        assertThat(again.attachment()).isEqualTo(first.attachment());
        assertThat(again.attachment().addresses()).hasSize(2);
        assertThat(host("g3", FIRST, "shell", "back", "10.7.0.77")).isInstanceOf(Answer.Done.class);
        assertThat(address("g3")).isEqualTo("10.7.0.77/24");
        assertThat(cluster.view.guests().size()).isOne();
    }

    @Test
    void theLeasesOfANodeThatIsGoneEnd() {
        network("back", true, false, "10.7.0.0/24");
        host("g1", FIRST, "one", "back", "");
        host("g2", SECOND, "two", "back", "");

        cluster.ask(new Command.FarewellNode(FIRST));
        assertThat(cluster.view.guestsOn(FIRST)).isEmpty();

        cluster.nodes.get(SECOND).isUp = false;
        cluster.advance(Duration.ofMinutes(1));
        assertThat(cluster.view.guestsOn(SECOND)).as("it may come back").hasSize(1);
        cluster.advance(Duration.ofHours(25));
        assertThat(cluster.view.guestsOn(SECOND)).as("given up").isEmpty();
    }

    @Test
    void leasesOutliveTheLeaderAndASnapshot() {
        network("back", true, false, "10.7.0.0/24");
        host("g1", FIRST, "one", "back", "");

        cluster.changeLeader();
        cluster.settle();
        assertThat(orders(FIRST).guests()).hasSize(1);
        assertThat(Snapshot.read(Snapshot.write(cluster.view)).guests().all())
                .containsExactlyElementsOf(cluster.view.guests().all());
    }
}
