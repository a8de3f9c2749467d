package io.panal.core.manager;

import static io.panal.core.manager.FakeCluster.replicated;
import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    private static Command.CreateNetwork network(String name, String subnet) {
        Optional<Network.Ipam> ipam = subnet.isEmpty()
                ? Optional.empty()
                : Optional.of(new Network.Ipam("", Map.of(), List.of(Network.Subnet.of(subnet, "", ""))));
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
                                "ingress", 4096, Network.Subnet.of("10.0.0.0/24", "", "10.0.0.1")),
                        org.assertj.core.groups.Tuple.tuple(
                                "one", 4097, Network.Subnet.of("10.0.1.0/24", "", "10.0.1.1")),
                        org.assertj.core.groups.Tuple.tuple(
                                "two", 4098, Network.Subnet.of("10.0.2.0/24", "", "10.0.2.1")));
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

        // Eight addresses: network, gateway, broadcast and the virtual one leave four.
        assertThat(cluster.running(web)).hasSize(4);
        assertThat(cluster.live(web))
                .anyMatch(task -> task.status().err().equals("network small has no free address: 5 of 5 are in use"));

        for (int round = 0; round < 5; round++) {
            cluster.update(web, replicated("web", 0, "web:1", on("small")));
            cluster.settle();
            cluster.update(web, replicated("web", 3, "web:1", on("small")));
            cluster.settle();
            assertThat(cluster.running(web)).hasSize(3);
        }
    }

    @Test
    void aTaskThatWaitsForAnAddressGoesOnWhenOneIsFree() {
        FakeCluster cluster = FakeCluster.of(0);
        cluster.ask(network("small", "10.7.0.0/29"));
        Id<Service> first = cluster.create(replicated("first", 2, "web:1", on("small")));
        Id<Service> second = cluster.create(replicated("second", 2, "web:1", on("small")));
        cluster.settle();
        assertThat(cluster.running(second)).hasSize(1);

        cluster.update(first, replicated("first", 1, "web:1", on("small")));
        cluster.settle();

        assertThat(cluster.running(second)).hasSize(2);
    }

    @Test
    void threeHundredTasksAreOnTwoSubnetsOfANetwork() {
        FakeCluster cluster = FakeCluster.of(2);
        create(
                cluster,
                "wide",
                false,
                Network.Subnet.of("10.7.0.0/24", "", ""),
                Network.Subnet.of("10.8.0.0/24", "", ""));
        Id<Service> web = cluster.create(replicated("web", 300, "web:1", on("wide")));
        cluster.settle();

        assertThat(cluster.running(web)).hasSize(300);
        List<String> given = cluster.running(web).stream()
                .flatMap(task -> task.networksAttachments().stream())
                .flatMap(own -> own.addresses().stream())
                .toList();
        assertThat(given)
                .doesNotHaveDuplicates()
                .filteredOn(own -> own.startsWith("10.8."))
                .hasSize(48);
    }

    @Test
    void gatewayAndAuxiliaryAddressesAreNobodysAndTheRangeIsKept() {
        FakeCluster cluster = FakeCluster.of(0);
        create(
                cluster,
                "kept",
                false,
                new Network.Subnet(
                        "10.7.0.0/24", "10.7.0.64/29", "", Map.of("router", "10.7.0.66", "other", "10.7.0.2")));
        Id<Service> web = cluster.create(replicated("web", 9, "web:1", on("kept")));
        cluster.settle();

        assertThat(subnets(cluster, "kept").getFirst().gateway()).isEqualTo("10.7.0.64");
        assertThat(cluster.running(web))
                .flatExtracting(task -> task.networksAttachments().getFirst().addresses())
                .containsExactlyInAnyOrder(
                        "10.7.0.67/24", "10.7.0.68/24", "10.7.0.69/24", "10.7.0.70/24", "10.7.0.71/24");
        assertThat(cluster.live(web))
                .anyMatch(task -> task.status().err().equals("network kept has no free address: 6 of 6 are in use"));
    }

    @Test
    void anIpv6AddressEndsWithTheIpv4Address() {
        FakeCluster cluster = FakeCluster.of(0);
        create(
                cluster,
                "named",
                true,
                Network.Subnet.of("fd00:1::/64", "", ""),
                Network.Subnet.of("10.7.0.0/24", "", ""));
        create(cluster, "ours", true);
        Id<Service> web = cluster.create(replicated("web", 1, "web:1", on("named")));
        cluster.settle();

        assertThat(cluster.running(web)
                        .getFirst()
                        .networksAttachments()
                        .getFirst()
                        .addresses())
                .containsExactly("10.7.0.3/24", "fd00:1::a07:3/64");
        assertThat(subnets(cluster, "ours"))
                .hasSize(2)
                .satisfiesExactly(
                        narrow -> assertThat(narrow.subnet()).isEqualTo("10.0.1.0/24"),
                        wide -> assertThat(wide.subnet()).matches("fd[0-9a-f]{2}:[0-9a-f:]+::/64"));
    }

    @Test
    void whatIsChosenStaysAwayFromWhatTheNodesHaveAndRouteTo() {
        FakeCluster cluster = FakeCluster.of(1);
        Id<Node> node = cluster.nodes.keySet().iterator().next();
        cluster.routes(node, List.of("10.0.0.0/22", "10.0.5.0/24", "192.168.1.0/24"));
        create(cluster, "one", false);
        create(cluster, "two", false);
        assertThat(subnets(cluster, "one").getFirst().subnet()).isEqualTo("10.0.4.0/24");
        assertThat(subnets(cluster, "two").getFirst().subnet()).isEqualTo("10.0.6.0/24");

        cluster.routes(node, List.of("10.0.0.0/8"));
        create(cluster, "three", false);
        assertThat(subnets(cluster, "three").getFirst().subnet())
                .as("a route to all of the pool leaves no other way")
                .isEqualTo("10.0.1.0/24");
    }

    @Test
    void theVxlanIdIsAsAskedAndThatOfOthersNever() {
        FakeCluster cluster = FakeCluster.of(0);
        cluster.ask(new Command.CreateNetwork(
                new Id<>("chosenid"),
                new Network.NetworkSpec(
                        "chosen",
                        Map.of(),
                        "overlay",
                        Map.of("com.docker.network.driver.overlay.vxlanid_list", "4097"),
                        false,
                        false,
                        false,
                        false,
                        Optional.empty())));
        create(cluster, "next", false);

        assertThat(cluster.view
                        .networkNamed("chosen")
                        .orElseThrow()
                        .allocation()
                        .orElseThrow()
                        .vxlanId())
                .isEqualTo(4097);
        assertThat(cluster.view
                        .networkNamed("next")
                        .orElseThrow()
                        .allocation()
                        .orElseThrow()
                        .vxlanId())
                .isEqualTo(4098);
    }

    @Test
    void aRemovedNetworkServesTasksThatAreStillEndingAndItsNumberIsNobodyElses() {
        FakeCluster cluster = FakeCluster.of(1);
        cluster.ask(network("back", "10.7.0.0/24"));
        Id<Service> web = cluster.create(replicated("web", 2, "web:1", on("back")));
        cluster.settle();
        cluster.nodes.values().forEach(node -> node.ends = false);

        cluster.ask(new Command.RemoveService(web));
        assertThat(cluster.ask(new Command.RemoveNetwork(new Id<>("backid")))).isInstanceOf(Answer.Done.class);
        assertThat(cluster.view.networkNamed("back")).isEmpty();
        assertThat(cluster.ask(new Command.RemoveNetwork(new Id<>("backid")))).isInstanceOf(Answer.Missing.class);
        assertThat(cluster.nodes.values())
                .allMatch(node -> node.told.orElseThrow().network().overlays().stream()
                        .anyMatch(overlay -> overlay.name().equals("back")));
        cluster.ask(new Command.CreateNetwork(
                new Id<>("nextid"), network("back", "10.7.0.0/24").spec()));
        assertThat(cluster.view
                        .networkNamed("back")
                        .orElseThrow()
                        .allocation()
                        .orElseThrow()
                        .vxlanId())
                .isEqualTo(4098);

        cluster.nodes.values().forEach(node -> node.ends = true);
        cluster.settle();
        assertThat(cluster.view.networks().find(new Id<>("backid"))).isEmpty();
    }

    /// Services and networks come and go, tasks end late; every commit is checked by [Invariants].
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void nothingLeaksHoweverServicesAndNetworksComeAndGo(long seed) {
        FakeCluster cluster = FakeCluster.of(2);
        Random random = new Random(seed);
        Map<String, Id<Service>> services = new TreeMap<>();
        for (int step = 0; step < 60; step++) {
            String name = "n" + random.nextInt(3);
            cluster.ask(new Command.CreateNetwork(
                    new Id<>(name + step),
                    network(name, "10.7%s.0.0/28".formatted(name.substring(1))).spec()));
            Id<Service> former = services.remove(name);
            if (former == null) {
                services.put(name, cluster.create(replicated(name, random.nextInt(16), "web:1", on(name))));
            } else {
                cluster.ask(new Command.RemoveService(former));
                cluster.view.networkNamed(name).ifPresent(own -> cluster.ask(new Command.RemoveNetwork(own.id())));
            }
            cluster.nodes.values().forEach(node -> node.ends = random.nextInt(3) > 0);
            cluster.advance(Duration.ofMillis(random.nextInt(900)));
        }
        cluster.nodes.values().forEach(node -> node.ends = true);
        services.values().forEach(service -> cluster.ask(new Command.RemoveService(service)));
        cluster.settle();
        for (FakeNode node : cluster.nodes.values()) {
            assertThat(node.told.orElseThrow().network().overlays())
                    .as("peers of whom nobody is left")
                    .allMatch(overlay -> overlay.ingress());
        }
        assertThat(cluster.view.networks().all()).noneMatch(Network::departing);
    }

    private static void create(FakeCluster cluster, String name, boolean ipv6, Network.Subnet... subnets) {
        var ipam = new Network.Ipam("default", Map.of(), List.of(subnets));
        assertThat(cluster.ask(new Command.CreateNetwork(
                        new Id<>(name + "id"),
                        new Network.NetworkSpec(
                                name, Map.of(), "overlay", Map.of(), false, false, false, ipv6, Optional.of(ipam)))))
                .isInstanceOf(Answer.Done.class);
    }

    private static List<Network.Subnet> subnets(FakeCluster cluster, String name) {
        return cluster.view
                .networkNamed(name)
                .orElseThrow()
                .allocation()
                .orElseThrow()
                .subnets();
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
            assertThat(overlay.peers()).as("the tasks on the other nodes").hasSize(2);
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
