package io.panal.core.manager;

import static io.panal.core.manager.FakeCluster.MANAGER;
import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.agent.Assignments;
import io.panal.core.codec.Codec;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Cluster;
import io.panal.core.model.Config;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Secret;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is refused changes nothing, and is told in Docker's words (oracle: 373 to 377, 517 to 553, 603 to 657, 705).
class ControlTest {
    private static final String INVALID = "rpc error: code = InvalidArgument desc = ";
    private static final String EXISTS = "rpc error: code = AlreadyExists desc = ";

    private static Secret.SecretSpec secret(String name, String data) {
        return new Secret.SecretSpec(name, Map.of(), data, Optional.empty(), Optional.empty());
    }

    private static Config.ConfigSpec config(String name, String data) {
        return new Config.ConfigSpec(name, Map.of(), data, Optional.empty());
    }

    private static Network.NetworkSpec network(String name, String driver, boolean ingress) {
        return new Network.NetworkSpec(
                name, Map.of(), driver, Map.of(), false, false, ingress, false, Optional.empty());
    }

    private static ServiceSpec service(String more) {
        return Codec.JSON.read(
                "{\"Name\": \"new\", \"TaskTemplate\": {\"ContainerSpec\": {\"Image\": \"web:1\" %s}}"
                        .formatted(more)
                        .getBytes(StandardCharsets.UTF_8),
                ServiceSpec.class);
    }

    private static <T extends io.panal.core.model.Stored<T>> Id<T> id(String value) {
        return new Id<>(value);
    }

    static Stream<Arguments> refusals() {
        String large = "QUFB".repeat(512_000 / 3 + 1);
        return Stream.of(
                Arguments.of(
                        new Command.CreateSecret(id("s2"), secret("sec", "QQ==")),
                        new Answer.Conflict(EXISTS + "secret sec already exists")),
                Arguments.of(
                        new Command.CreateSecret(id("s2"), secret("-a", "QQ==")),
                        new Answer.Refused(INVALID + "invalid name, only 64 [a-zA-Z0-9-_.] characters allowed, and the"
                                + " start and end character must be [a-zA-Z0-9]")),
                Arguments.of(
                        new Command.CreateSecret(id("s2"), secret("big", large)),
                        new Answer.Refused(INVALID + "secret data must be larger than 0 and less than 512000 bytes")),
                Arguments.of(
                        new Command.CreateSecret(id("s2"), secret("empty", "")),
                        new Answer.Refused(INVALID + "secret data must be larger than 0 and less than 512000 bytes")),
                Arguments.of(
                        new Command.RemoveSecret(id("secid")),
                        new Answer.Refused(INVALID + "secret 'sec' is in use by the following service: user")),
                Arguments.of(new Command.RemoveConfig(id("none")), new Answer.Missing("config none not found")),
                Arguments.of(
                        new Command.UpdateSecret(id("secid"), 1, Map.of()),
                        new Answer.OutOfSequence("rpc error: code = Unknown desc = update out of sequence")),
                Arguments.of(
                        new Command.CreateConfig(id("c1"), config("cfg", "")),
                        new Answer.Refused(INVALID + "config data must be larger than 0 and less than 1024000 bytes")),
                Arguments.of(
                        new Command.CreateNetwork(id("n1"), network("ingress", "overlay", false)),
                        new Answer.Conflict("network with name ingress already exists")),
                Arguments.of(
                        new Command.CreateNetwork(id("n1"), network("x", "nodriver", false)),
                        new Answer.Missing("plugin \"nodriver\" not found")),
                Arguments.of(new Command.RemoveNetwork(id("none")), new Answer.Missing("network none not found")),
                Arguments.of(
                        new Command.CreateService(
                                id("x"),
                                service(", \"Secrets\": [{\"SecretID\": \"no\", \"SecretName\": \"no\"}]}"),
                                ""),
                        new Answer.Refused(INVALID + "secret not found: no")),
                Arguments.of(
                        new Command.CreateService(id("x"), service("}, \"Networks\": [{\"Target\": \"no\"}]"), ""),
                        new Answer.Missing("network no not found")),
                Arguments.of(
                        new Command.CreateService(id("x"), service("}, \"Networks\": [{\"Target\": \"ingress\"}]"), ""),
                        new Answer.Refused(
                                INVALID + "Service cannot be explicitly attached to the ingress network \"ingress\"")),
                Arguments.of(new Command.RemoveService(id("x")), new Answer.Missing("service x not found")),
                Arguments.of(new Command.RemoveNode(id("x"), true), new Answer.Missing("node x not found")),
                Arguments.of(
                        new Command.EnlistMember(id("node1"), "1.2.3.4:2377"),
                        new Answer.Refused("rpc error: code = FailedPrecondition desc = node node1 is a worker:"
                                + " promote it first")));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("refusals")
    void whatIsWrongIsRefusedInDockersWords(Command command, Answer answer) {
        FakeCluster cluster = FakeCluster.of(1);
        cluster.ask(new Command.CreateSecret(new Id<>("secid"), secret("sec", "QQ==")));
        cluster.create(Codec.JSON.read("""
                {"Name": "user", "TaskTemplate": {"ContainerSpec": {"Image": "web:1",
                 "Secrets": [{"SecretID": "secid", "SecretName": "sec"}]}}}
                """.getBytes(StandardCharsets.UTF_8), ServiceSpec.class));
        cluster.settle();
        int before = cluster.log.size();

        assertThat(cluster.ask(command)).isEqualTo(answer);
        assertThat(cluster.log).hasSize(before);
    }

    /// Whatever was let in stays in the state for ever: nothing of it may stop a leader.
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "0.0.0.0/0",
                "10.0.0.0/7",
                "10.1.0.0/31",
                "10.1.0.1/32",
                "10.1.0.0",
                "fd00::/64",
                "x",
                "300.1.1.0/24"
            })
    void aSubnetThatNoAddressCanBeGivenFromIsRefused(String subnet) {
        FakeCluster cluster = FakeCluster.of(0);
        Network.Ipam ipam = new Network.Ipam("", Map.of(), java.util.List.of(Network.Subnet.of(subnet, "", "")));

        assertThat(cluster.ask(new Command.CreateNetwork(
                        id("odd"),
                        new Network.NetworkSpec(
                                "odd", Map.of(), "overlay", Map.of(), false, false, false, false, Optional.of(ipam)))))
                .isInstanceOf(Answer.Refused.class);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            "IPAM": {"Config": [{"Subnet": "10.7.0.0/24", "Gateway": "10.8.0.1"}]} | InvalidArgument desc = ipam configuration: subnet 10.7.0.0/24 does not contain gateway 10.8.0.1
            "IPAM": {"Config": [{"Subnet": "10.7.0.0/24", "Gateway": "x"}]} | InvalidArgument desc = ipam configuration: invalid gateway x
            "IPAM": {"Config": [{"Subnet": "10.7.0.0/24", "Gateway": "10.7.0.255"}]} | InvalidArgument desc = ipam configuration: gateway 10.7.0.255 is the first or last address of 10.7.0.0/24
            "IPAM": {"Config": [{"Subnet": "10.7.0.0/24", "IPRange": "10.8.0.0/26"}]} | InvalidArgument desc = ipam configuration: subnet 10.7.0.0/24 does not contain range 10.8.0.0/26
            "IPAM": {"Config": [{"Subnet": "10.7.0.0/24", "IPRange": "x"}]} | InvalidArgument desc = ipam configuration: invalid range x
            "IPAM": {"Config": [{"Subnet": "10.7.0.9/24"}]} | InvalidArgument desc = ipam configuration: invalid subnet 10.7.0.9/24: it should be 10.7.0.0/24
            "IPAM": {"Config": [{"Subnet": "10.7.0.0/24", "AuxiliaryAddresses": {"a": "10.8.0.1"}}]} | InvalidArgument desc = auxiliary address: (a:10.8.0.1) must belong to the master pool: 10.7.0.0/24
            "IPAM": {"Config": [{"Gateway": "10.7.0.1"}]} | InvalidArgument desc = ipam configuration: invalid subnet
            "IPAM": {"Config": [{"Subnet": "10.0.0.0/16"}]} | Pool overlaps with other one on this address space
            "IPAM": {"Config": [{"Subnet": "10.7.0.0/24"}, {"Subnet": "10.7.0.128/25"}]} | Pool overlaps with other one on this address space
            "IPAM": {"Driver": "dhcp"} | plugin "dhcp" not found
            "IPAM": {"Config": [{"Subnet": "fd00::/64"}]} | InvalidArgument desc = ipam configuration: subnet fd00::/64 is of IPv6: add --ipv6
            "EnableIPv6": true, "IPAM": {"Config": [{"Subnet": "fd00::/112"}]} | InvalidArgument desc = ipam configuration: subnet fd00::/112 is not between /8 and /96
            "EnableIPv6": true, "IPAM": {"Config": [{"Subnet": "fd00::1/64"}]} | InvalidArgument desc = ipam configuration: invalid subnet fd00::1/64: it should be fd00::/64
            "EnableIPv6": true, "IPAM": {"Config": [{"Subnet": "fd00::/64", "Gateway": "fd01::1"}]} | InvalidArgument desc = ipam configuration: subnet fd00::/64 does not contain fd01::1
            "Options": {"com.docker.network.driver.mtu": "big"} | InvalidArgument desc = invalid MTU value: big: it is 68 to 65485
            "EnableIPv6": true, "Options": {"com.docker.network.driver.mtu": "1279"} | InvalidArgument desc = invalid MTU value: 1279: it is 1280 to 65485
            "Options": {"com.docker.network.driver.mtuu": "1400"} | InvalidArgument desc = unknown option com.docker.network.driver.mtuu: the overlay driver has
            "Options": {"com.docker.network.driver.overlay.vxlanid_list": "0"} | InvalidArgument desc = invalid vxlan id value "0": it is one number from 1 to 16777215
            "Options": {"com.docker.network.driver.overlay.vxlanid_list": "4096"} | vxlan id 4096 is in use by network ingress
            "Options": {"encrypted": "", "com.docker.network.driver.mtu": "9001"} | InvalidArgument desc = invalid MTU value: 9001: it is 68 to 9000
            "Labels": {"com.docker.swarm.predefined": "true"} | PermissionDenied desc = label com.docker.swarm.predefined is for internally created predefined networks and cannot be applied by users
            "Ingress": true | AlreadyExists desc = ingress network (
            "Ingress": true, "Attachable": true | InvalidArgument desc = ingress network cannot be attachable
            "Name": "ingress" | network with name ingress already exists
            "Driver": "nodriver" | plugin "nodriver" not found
            "Driver": "bridge" | Unimplemented desc = a network of the swarm is an overlay: leave --scope out for a bridge network of this host
            """)
    void aNetworkThatCannotBeAsAskedIsRefused(String body, String text) {
        FakeCluster cluster = FakeCluster.of(0);
        String json = body.contains("\"Name\"") ? "{%s}".formatted(body) : "{\"Name\": \"odd\", %s}".formatted(body);
        Answer answer = cluster.ask(new Command.CreateNetwork(
                id("odd"), Codec.JSON.read(json.getBytes(StandardCharsets.UTF_8), Network.NetworkSpec.class)));

        assertThat(answer).isNotInstanceOf(Answer.Done.class);
        assertThat(answer.toString()).contains(text);
        assertThat(cluster.view.networks().find(id("odd"))).isEmpty();
    }

    @Test
    void theIngressNetworkIsReplacedWhenNoServicePublishesThroughIt() {
        FakeCluster cluster = FakeCluster.of(1);
        Id<Network> first = cluster.view.networkNamed("ingress").orElseThrow().id();
        String published = ", \"EndpointSpec\": {\"Ports\": [{\"TargetPort\": 80, \"PublishedPort\": 8080}]}";
        Id<Service> web = cluster.create(FakeCluster.replicated("web", 1, "web:1", published));
        cluster.settle();
        assertThat(cluster.ask(new Command.RemoveNetwork(first)).toString())
                .contains("ingress network cannot be removed because service " + web + " depends on it");

        cluster.ask(new Command.RemoveService(web));
        cluster.settle();
        assertThat(cluster.ask(new Command.RemoveNetwork(first))).isInstanceOf(Answer.Done.class);
        cluster.settle();
        assertThat(cluster.view.nodes().all())
                .allMatch(node -> node.attachments().isEmpty());
        assertThat(cluster.ask(new Command.CreateService(
                                id("late"), FakeCluster.replicated("late", 1, "web:1", published), ""))
                        .toString())
                .contains("service needs ingress network, but no ingress network is present");

        cluster.ask(new Command.CreateNetwork(id("second"), network("mesh", "overlay", true)));
        Id<Service> again = cluster.create(FakeCluster.replicated("again", 1, "web:1", published));
        cluster.settle();
        assertThat(cluster.running(again)).hasSize(1);
        assertThat(cluster.view.nodes().all())
                .allMatch(node -> node.attachments().getFirst().network().equals(id("second")));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "{}, \"Mode\": {\"Replicated\": {\"Replicas\": 9000000000}}",
                "{\"Image\": \"w\", \"Secrets\": [{}]}",
                "{\"Image\": \"w\", \"Configs\": [{\"ConfigName\": \"c\"}]}",
                "{}, \"Placement\": {\"Constraints\": [\"\"]}",
                "{}, \"Networks\": [{}]",
            })
    void aSpecThatNothingCanBeMadeOfIsRefused(String container) {
        FakeCluster cluster = FakeCluster.of(0);
        String json = container.contains("Mode")
                ? "{\"Name\": \"odd\", \"TaskTemplate\": {\"ContainerSpec\": {}}, \"Mode\": {\"Replicated\": {\"Replicas\":"
                        + " 9000000000}}}"
                : "{\"Name\": \"odd\", \"TaskTemplate\": {\"ContainerSpec\": %s}}".formatted(container);

        Answer answer = cluster.ask(new Command.CreateService(
                id("odd"), Codec.JSON.read(json.getBytes(StandardCharsets.UTF_8), ServiceSpec.class), ""));

        assertThat(answer).isInstanceOfAny(Answer.Refused.class, Answer.Missing.class);
    }

    @Test
    void theLargestSubnetIsGivenFromToo() {
        FakeCluster cluster = FakeCluster.of(0);
        Network.Ipam ipam = new Network.Ipam(
                "", Map.of(), java.util.List.of(Network.Subnet.of("11.0.0.0/8", "11.9.0.0/30", "11.0.0.1")));
        cluster.ask(new Command.CreateNetwork(
                id("wide"),
                new Network.NetworkSpec(
                        "wide", Map.of(), "overlay", Map.of(), false, false, false, false, Optional.of(ipam))));
        Id<Service> web =
                cluster.create(FakeCluster.replicated("web", 1, "web:1", ", \"Networks\": [{\"Target\": \"wide\"}]"));
        cluster.settle();

        assertThat(cluster.service(web).endpoint().virtualIps().getFirst().addr())
                .isEqualTo("11.9.0.0/8");
        assertThat(cluster.running(web)).hasSize(1);
    }

    @Test
    void aSecretGoesToTheNodesThatNeedItOnly() {
        FakeCluster cluster = FakeCluster.of(1);
        cluster.ask(new Command.CreateSecret(new Id<>("secid"), secret("sec", "c2VjcmV0")));
        cluster.create(Codec.JSON.read("""
                {"Name": "user", "TaskTemplate": {"ContainerSpec": {"Image": "web:1",
                 "Secrets": [{"SecretID": "secid", "SecretName": "sec"}]}}}
                """.getBytes(StandardCharsets.UTF_8), ServiceSpec.class));
        cluster.settle();

        assertThat(cluster.nodes.values().stream()
                        .flatMap(node -> node.told.orElseThrow().tasks().stream())
                        .map(task -> task.files()))
                .containsExactly(Map.of("secid", "c2VjcmV0"));
    }

    @Test
    void aCertificateLivesForAnHourAtLeast() {
        FakeCluster cluster = FakeCluster.of(0);
        Cluster swarm = cluster.view.cluster().orElseThrow();
        Cluster.ClusterSpec spec = swarm.spec();
        var brief = new Cluster.ClusterSpec(
                spec.name(),
                spec.labels(),
                spec.orchestration(),
                spec.raft(),
                spec.dispatcher(),
                new Cluster.CaConfig(
                        Optional.of(Duration.ofMinutes(10)), spec.caConfig().externalCas(), 0),
                spec.taskDefaults(),
                spec.encryptionConfig());

        assertThat(cluster.ask(new Command.UpdateCluster(
                        swarm.meta().version().index(),
                        brief,
                        new Command.FreshKeys(new Cluster.JoinTokens("", ""), Optional.empty(), Optional.empty()))))
                .isEqualTo(new Answer.Refused(INVALID + "minimum certificate expiry time is: 1h0m0s"));
    }

    private static Answer update(FakeCluster cluster, Cluster.ClusterSpec spec, Command.FreshKeys fresh) {
        long version = cluster.view.cluster().orElseThrow().meta().version().index();
        return cluster.ask(new Command.UpdateCluster(version, spec, fresh));
    }

    private static Command.FreshKeys unlockKey(String key) {
        return new Command.FreshKeys(
                new Cluster.JoinTokens("", ""),
                Optional.empty(),
                Optional.of(key).filter(text -> !text.isEmpty()));
    }

    private static Cluster.ClusterSpec autolock(boolean isOn) {
        Cluster.ClusterSpec spec = Cluster.ClusterSpec.DEFAULT;
        return new Cluster.ClusterSpec(
                spec.name(),
                spec.labels(),
                spec.orchestration(),
                spec.raft(),
                spec.dispatcher(),
                spec.caConfig(),
                spec.taskDefaults(),
                new Cluster.EncryptionConfig(isOn));
    }

    @Test
    void anUnlockKeyIsKeptUntilItIsRotatedAndGoneWithoutAutolock() {
        FakeCluster cluster = FakeCluster.of(0);

        update(cluster, autolock(true), unlockKey("one"));
        assertThat(cluster.view.cluster().orElseThrow().unlockKey()).contains("one");

        update(cluster, autolock(true), unlockKey(""));
        assertThat(cluster.view.cluster().orElseThrow().unlockKey()).contains("one");

        update(cluster, autolock(true), unlockKey("two"));
        assertThat(cluster.view.cluster().orElseThrow().unlockKey()).contains("two");

        update(cluster, autolock(false), unlockKey(""));
        assertThat(cluster.view.cluster().orElseThrow().unlockKey()).isEmpty();
    }

    @Test
    void theNextRootTakesThePlaceOfThePresentOneOnceEveryNodesCertificateIsItsOwn() {
        FakeCluster cluster = FakeCluster.of(1);
        var next = new Node.TlsInfo("next", "subject", "key");
        var tokens = new Cluster.JoinTokens("w2", "m2");
        var rotation = new Cluster.Rotation("next", "secret", "next by present", tokens, next);

        update(
                cluster,
                Cluster.ClusterSpec.DEFAULT,
                new Command.FreshKeys(new Cluster.JoinTokens("", ""), Optional.of(rotation), Optional.empty()));

        Cluster.Authority during = cluster.view.cluster().orElseThrow().authority();
        assertThat(during.rotation()).contains(rotation);
        assertThat(during.caCertificate()).isEmpty();
        assertThat(during.wanted()).isEqualTo(new Node.TlsInfo("", "subject", "key"));
        assertThat(cluster.nodes.get(MANAGER).told.orElseThrow().trust()).isEqualTo(new Assignments.Trust("", "key"));

        cluster.renewed(MANAGER, next);
        assertThat(cluster.view.cluster().orElseThrow().authority().rotation()).isPresent();

        cluster.renewed(new Id<>("node1"), next);
        Cluster.Authority after = cluster.view.cluster().orElseThrow().authority();
        assertThat(after).isEqualTo(new Cluster.Authority("next", "secret", tokens, next, Optional.empty()));
        cluster.settle();
        assertThat(cluster.nodes.get(MANAGER).told.orElseThrow().trust())
                .isEqualTo(new Assignments.Trust("next", "key"));
    }

    @Test
    void aSwarmBegunAnewHasOneManagerAndAllItsNodes() {
        FakeCluster cluster = FakeCluster.of(1);
        Id<Node> other = new Id<>("other");
        cluster.ask(new Command.AdmitNode(other, Node.Role.MANAGER, "192.168.0.7", Optional.empty()));
        cluster.open(other, "192.168.0.7", Map.of());
        cluster.ask(new Command.EnlistMember(other, "192.168.0.7:2377"));

        assertThat(cluster.ask(new Command.ForceNewCluster(MANAGER, "192.168.0.9:2377")))
                .isInstanceOf(Answer.Done.class);

        assertThat(cluster.view.nodes().all()).hasSize(3);
        Node outcast = cluster.view.nodes().require(other);
        assertThat(outcast.isManager()).isFalse();
        assertThat(outcast.managerAddress()).isEmpty();
        assertThat(outcast.status().state()).isEqualTo(Node.State.UNKNOWN);
        assertThat(cluster.view.nodes().require(MANAGER).managerAddress()).contains("192.168.0.9:2377");
        assertThat(cluster.view.nodes().require(new Id<>("node1")).status().state())
                .isEqualTo(Node.State.READY);
    }

    @Test
    void theTasksOfAHostThatIsShutDownMoveAtOnce() {
        FakeCluster cluster = FakeCluster.of(2);
        Id<Service> web = cluster.create(FakeCluster.replicated("web", 3, "web:1"));
        cluster.settle();
        Id<Node> parting = new Id<>("node1");
        cluster.nodes.get(parting).isUp = false;

        cluster.ask(new Command.PartNode(parting));

        assertThat(cluster.view.nodes().require(parting).status().state()).isEqualTo(Node.State.DOWN);
        assertThat(cluster.live(web))
                .hasSize(3)
                .noneMatch(task -> task.nodeId().filter(parting::equals).isPresent());
    }

    @Test
    void aRotatedTokenTakesTheFormersPlaceAndLeavesTheOther() {
        FakeCluster cluster = FakeCluster.of(0);
        Cluster swarm = cluster.view.cluster().orElseThrow();

        cluster.ask(new Command.UpdateCluster(
                swarm.meta().version().index(),
                swarm.spec(),
                new Command.FreshKeys(new Cluster.JoinTokens("w2", ""), Optional.empty(), Optional.empty())));

        assertThat(cluster.view.cluster().orElseThrow().authority().joinTokens())
                .isEqualTo(new Cluster.JoinTokens("w2", "m"));
    }

    @Test
    void aNodeThatLeavesIsDownAtOnceAndReplaced() {
        FakeCluster cluster = FakeCluster.of(1);
        Id<Service> web = cluster.create(FakeCluster.replicated("web", 2, "web:1"));
        cluster.settle();
        Id<Node> leaving = new Id<>("node1");

        cluster.nodes.get(leaving).isUp = false;
        cluster.ask(new Command.FarewellNode(leaving));
        cluster.settle();

        assertThat(cluster.view.nodes().require(leaving).status().state()).isEqualTo(Node.State.DOWN);
        assertThat(cluster.running(web)).hasSize(2);
        assertThat(cluster.ask(new Command.RemoveNode(leaving, false))).isInstanceOf(Answer.Done.class);
    }

    @Test
    void whoIsMemberWithoutBeingManagerIsRemoved() {
        FakeCluster cluster = FakeCluster.of(1);
        cluster.hear(new ManagerEvent.MembersChanged(
                new java.util.TreeSet<>(java.util.List.of(FakeCluster.MANAGER, new Id<>("node1")))));

        assertThat(cluster.effects).contains(new ManagerEffect.RemoveMember(new Id<>("node1")));
    }
}
