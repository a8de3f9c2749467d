package io.panal.core.manager;

import static io.panal.core.manager.FakeCluster.replicated;
import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AddressesTest {
    private static Command.CreateNetwork network(String name, String subnet) {
        Optional<Network.Ipam> ipam = subnet.isEmpty()
                ? Optional.empty()
                : Optional.of(new Network.Ipam("", Map.of(), List.of(new Network.Subnet(subnet, "", ""))));
        return new Command.CreateNetwork(
                new Id<>(name + "id"),
                new Network.NetworkSpec(name, Map.of(), "overlay", Map.of(), false, true, false, false, ipam));
    }

    private static String on(String network) {
        return ", \"Networks\": [{\"Target\": \"%s\"}]".formatted(network);
    }

    @Test
    void eachNetworkHasItsOwnSubnetAndNumber() {
        FakeCluster cluster = FakeCluster.of(0);
        cluster.ask(network("one", ""));
        cluster.ask(network("two", ""));

        assertThat(cluster.view.networks().all())
                .filteredOn(network -> !network.isOfNode())
                .extracting(
                        network -> network.spec().name(),
                        network -> network.allocation().orElseThrow().vxlanId(),
                        network -> network.allocation().orElseThrow().subnets().getFirst())
                .contains(
                        org.assertj.core.groups.Tuple.tuple(
                                "ingress", 4096, new Network.Subnet("10.0.0.0/24", "", "10.0.0.1")),
                        org.assertj.core.groups.Tuple.tuple(
                                "one", 4097, new Network.Subnet("10.0.1.0/24", "", "10.0.1.1")),
                        org.assertj.core.groups.Tuple.tuple(
                                "two", 4098, new Network.Subnet("10.0.2.0/24", "", "10.0.2.1")));
    }

    @Test
    void aNetworkOfTheNodesOwnIsNamedWithoutGivingAddresses() {
        FakeCluster cluster = FakeCluster.of(1);
        Network host = cluster.view.networkNamed("host").orElseThrow();
        Id<Service> web =
                cluster.create(replicated("web", 1, "web:1", on(host.id().value())));
        cluster.settle();

        assertThat(host.spec().labels()).containsEntry("com.docker.swarm.predefined", "true");
        assertThat(host.allocation()).isEmpty();
        assertThat(cluster.view.services().require(web).endpoint().virtualIps())
                .containsExactly(new Service.VirtualIp(host.id(), ""));
        assertThat(cluster.view.tasksOf(web))
                .singleElement()
                .satisfies(task -> assertThat(task.networksAttachments())
                        .containsExactly(new Task.Attachment(host.id(), List.of(), List.of())));
        assertThat(cluster.view.nodes().all())
                .allSatisfy(node -> assertThat(node.attachments())
                        .noneMatch(own -> own.network().equals(host.id())));
    }

    @Test
    void aFullNetworkIsToldAndNothingLeaks() {
        FakeCluster cluster = FakeCluster.of(0);
        cluster.ask(network("small", "10.7.0.0/29"));
        Id<Service> web = cluster.create(replicated("web", 6, "web:1", on("small")));
        cluster.settle();

        // Eight addresses: network, gateway, broadcast, the virtual one and the node's leave three.
        assertThat(cluster.running(web)).hasSizeBetween(3, 4);
        assertThat(cluster.live(web))
                .anyMatch(task -> task.status().err().equals("no free address in network small: all 5 are in use"));

        for (int round = 0; round < 5; round++) {
            cluster.update(web, replicated("web", 0, "web:1", on("small")));
            cluster.settle();
            cluster.update(web, replicated("web", 3, "web:1", on("small")));
            cluster.settle();
            assertThat(cluster.running(web)).hasSize(3);
        }
    }

    @Test
    void aNetworkGoesAsSoonAsNoServiceNamesIt() {
        FakeCluster cluster = FakeCluster.of(1);
        cluster.ask(network("back", ""));
        Id<Service> web = cluster.create(replicated("web", 2, "web:1", on("back")));
        cluster.settle();

        assertThat(cluster.ask(new Command.RemoveNetwork(new Id<>("backid"))))
                .isEqualTo(new Answer.Refused("rpc error: code = FailedPrecondition desc = network backid is in use by"
                        + " service service1"));
        cluster.ask(new Command.RemoveService(web));
        assertThat(cluster.ask(new Command.RemoveNetwork(new Id<>("backid")))).isInstanceOf(Answer.Done.class);
        cluster.settle();

        assertThat(cluster.view.tasks().size()).isZero();
        assertThat(cluster.view.nodes().all())
                .allMatch(node -> node.attachments().size() == 1);
    }

    @Test
    void whoJoinsANetworkIsToldOfItsOthersAndTheyOfHim() {
        FakeCluster cluster = FakeCluster.of(2);
        cluster.ask(network("back", ""));
        Id<Service> web = cluster.create(replicated("web", 3, "web:1", on("back")));
        cluster.settle();

        for (FakeNode node : cluster.nodes.values()) {
            var overlay = node.told.orElseThrow().network().overlays().stream()
                    .filter(each -> each.name().equals("back"))
                    .findFirst()
                    .orElseThrow();
            assertThat(overlay.peers()).as("two tasks and two nodes").hasSize(4);
            assertThat(overlay.services().getFirst().vip())
                    .isEqualTo(cluster.service(web)
                            .endpoint()
                            .virtualIps()
                            .getFirst()
                            .addr()
                            .replace("/24", ""));
            assertThat(overlay.services().getFirst().backends()).hasSize(3);
        }
    }

    @Test
    void publishingOnIngressReplacesTasksOnceAndAnotherPortNone() {
        FakeCluster cluster = FakeCluster.of(0);
        Id<Service> web = cluster.create(replicated("web", 1, "web:1"));
        cluster.settle();
        Id<Task> before = cluster.running(web).getFirst().id();

        String port = ", \"EndpointSpec\": {\"Ports\": [{\"TargetPort\": 80, \"PublishedPort\": %d}]}";
        cluster.update(web, replicated("web", 1, "web:1", port.formatted(8080)));
        cluster.advance(Duration.ofSeconds(8));
        Id<Task> between = cluster.running(web).getFirst().id();
        cluster.update(web, replicated("web", 1, "web:1", port.formatted(8081)));
        cluster.advance(Duration.ofSeconds(8));

        assertThat(between).isNotEqualTo(before);
        assertThat(cluster.running(web)).extracting(Task::id).containsExactly(between);
        assertThat(cluster.service(web).endpoint().ports().getFirst().publishedPort())
                .isEqualTo(8081);
    }

    @Test
    void aTaskIsEndedOnlyWhenTheOthersSendItNoMoreConnections() {
        FakeCluster cluster = FakeCluster.of(1);
        cluster.ask(network("back", ""));
        Id<Service> web = cluster.create(replicated("web", 2, "web:1", on("back")));
        cluster.settle();

        cluster.update(web, replicated("web", 1, "web:1", on("back")));

        assertThat(backends(cluster)).containsOnly(1);
        assertThat(cluster.nodes.values().stream().mapToLong(FakeNode::running).sum())
                .isEqualTo(2);
        assertThat(cluster.nodes.values())
                .allMatch(node ->
                        node.told.orElseThrow().tasks().stream().allMatch(task -> task.desired() == TaskState.RUNNING));
        cluster.advance(Duration.ofMillis(600));
        assertThat(cluster.nodes.values().stream().mapToLong(FakeNode::running).sum())
                .isEqualTo(1);
    }

    private static List<Integer> backends(FakeCluster cluster) {
        return cluster.nodes.values().stream()
                .flatMap(node -> node.told.orElseThrow().network().overlays().stream())
                .filter(overlay -> overlay.name().equals("back"))
                .map(overlay -> overlay.services().getFirst().backends().size())
                .toList();
    }
}
