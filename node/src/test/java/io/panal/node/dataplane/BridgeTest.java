package io.panal.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.node.kernel.NetworkNamespace;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bridge networks of one host, on a real kernel: `app` and `side` are usual ones, `inner` is internal, `apart` keeps
/// its containers from each other.
class BridgeTest {
    private static final Bridge APP = bridge("app", "10.20.0.1/24", Bridge.Traffic.USUAL);
    private static final Bridge SIDE = bridge("side", "10.21.0.1/24", Bridge.Traffic.USUAL);
    private static final Bridge INNER = bridge("inner", "10.22.0.1/24", new Bridge.Traffic(true, true, true));
    private static final Bridge APART = bridge("apart", "10.23.0.1/24", new Bridge.Traffic(false, false, true));
    private static final List<Bridge> ALL = List.of(APP, SIDE, INNER, APART);

    private Hosts hosts;
    private Dataplane dataplane;

    @BeforeEach
    void startHosts() throws IOException {
        hosts = new Hosts(1);
        Hosts.in(1, "ip", "route", "add", "default", "via", Hosts.CLIENT);
        dataplane = hosts.dataplane(1);
        assertThat(dataplane.matchBridges(ALL)).isEmpty();
    }

    @AfterEach
    void stopHosts() throws Exception {
        hosts.close();
    }

    private static Bridge bridge(String name, String gateway, Bridge.Traffic traffic) {
        return new Bridge(name + "-id", name, "br-" + name, List.of(Cidr.of(gateway)), 0, traffic);
    }

    private static TaskNetwork.Attachment in(Bridge bridge, int last, String... names) {
        String address = bridge.gateways().getFirst().toString().replace(".1/", "." + last + "/");
        return new TaskNetwork.Attachment(bridge.id(), address, List.of(names));
    }

    private static TaskNetwork container(
            String id, List<TaskNetwork.HostPort> ports, TaskNetwork.Attachment... attachments) {
        return new TaskNetwork("run-" + id, id, List.of(attachments), ports, false, TaskNetwork.Names.NONE);
    }

    private NetworkNamespace attach(String id, TaskNetwork.Attachment... attachments) throws IOException {
        return new NetworkNamespace(
                dataplane.attach(container(id, List.of(), attachments)).namespace());
    }

    private NetworkNamespace serve(String id, int port, TaskNetwork.Attachment... attachments) throws IOException {
        var published = List.of(new TaskNetwork.HostPort("tcp", port, 80), new TaskNetwork.HostPort("udp", port, 80));
        Sandbox sandbox = dataplane.attach(container(id, published, attachments));
        NetworkNamespace namespace = new NetworkNamespace(sandbox.namespace());
        hosts.serve(namespace, id, 80);
        return namespace;
    }

    @ParameterizedTest(name = "br_netfilter {0}")
    @ValueSource(ints = {0, 1})
    void whoIsOnOneNetworkReachesItAndNoOther(int bridgedIsFiltered) throws IOException {
        Hosts.in(1, "sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=" + bridgedIsFiltered);
        serve("web", 8001, in(APP, 2));
        serve("lone", 8002, in(APART, 2));
        serve("deep", 8003, in(INNER, 2));
        NetworkNamespace app = attach("app", in(APP, 3));
        NetworkNamespace side = attach("side", in(SIDE, 3));
        NetworkNamespace inner = attach("inner", in(INNER, 3));
        NetworkNamespace apart = attach("apart", in(APART, 3));
        assertThat(hosts.fetch(app, "10.20.0.2", 80)).isEqualTo("web 10.20.0.3");
        assertThat(hosts.fetch(inner, "10.22.0.2", 80)).isEqualTo("deep 10.22.0.3");
        // Through a published port everybody is let in who can leave.
        assertThat(hosts.fetch(app, Hosts.address(1), 8001)).isEqualTo("web 10.20.0.1");
        assertThat(hosts.fetch(side, Hosts.address(1), 8001)).isEqualTo("web 10.20.0.1");
        assertThat(hosts.fetch(apart, Hosts.address(1), 8002)).isEqualTo("lone 10.23.0.1");
        hosts.serve(Hosts.client(), "outside", 80);
        assertThat(hosts.fetch(app, Hosts.CLIENT, 80)).isEqualTo("outside " + Hosts.address(1));
        assertThat(Stream.of(reach(side, "10.20.0.2"), reach(apart, "10.23.0.2"), reach(inner, Hosts.CLIENT)))
                .containsOnly(false);
    }

    private boolean reach(NetworkNamespace from, String address) {
        try {
            return !hosts.fetch(from, address, 80).isEmpty();
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void aPublishedPortLeadsToItsContainerForAllClients() throws IOException {
        serve("web", 8001, in(APP, 2));
        assertThat(hosts.fetch(Hosts.client(), Hosts.address(1), 8001)).isEqualTo("web " + Hosts.CLIENT);
        assertThat(Hosts.fetchUdp(Hosts.client(), Hosts.address(1), 8001)).isEqualTo("web " + Hosts.CLIENT);
        assertThat(hosts.fetch(Hosts.host(1), "127.0.0.1", 8001)).isEqualTo("web 10.20.0.1");
        assertThat(hosts.fetch(Hosts.host(1), "::1", 8001)).isEqualTo("web 10.20.0.1");
        dataplane.detach("run-web");
        assertThatThrownBy(() -> hosts.fetch(Hosts.client(), Hosts.address(1), 8001))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void networksComeAndGoWhileTheContainerLives() throws IOException {
        NetworkNamespace web = serve("web", 8001, in(APP, 2));
        SocketChannel held = hosts.connect(Hosts.host(1), "10.20.0.2", 80);
        String before = Hosts.ask(held);
        NetworkNamespace side = attach("side", in(SIDE, 3));

        var ports = List.of(new TaskNetwork.HostPort("tcp", 8001, 80), new TaskNetwork.HostPort("udp", 8001, 80));
        Sandbox both = dataplane.attach(container("web", ports, in(APP, 2), in(SIDE, 2)));

        assertThat(both.namespace()).isEqualTo(web.path());
        assertThat(both.endpoints()).extracting(Sandbox.Endpoint::device).containsExactly("eth0", "eth1");
        assertThat(Hosts.ask(held)).isEqualTo(before);
        assertThat(hosts.fetch(side, "10.21.0.2", 80)).isEqualTo("web 10.21.0.3");

        Sandbox moved = dataplane.attach(container("web", ports, in(SIDE, 2)));

        assertThat(moved.endpoints())
                .containsExactly(
                        new Sandbox.Endpoint("side-id", "eth1", "10.21.0.2/24", "02:42:0a:15:00:02", "10.21.0.1"));
        assertThat(hosts.fetch(Hosts.client(), Hosts.address(1), 8001)).isEqualTo("web " + Hosts.CLIENT);
        assertThat(dataplane
                        .attach(container("web", ports, in(SIDE, 2), in(APP, 9)))
                        .endpoints())
                .extracting(Sandbox.Endpoint::device)
                .containsExactly("eth1", "eth0");
    }

    @Test
    void aNewDaemonAdoptsBridgesAndConnections() throws IOException {
        serve("web", 8001, in(APP, 2), in(SIDE, 2));
        SocketChannel held = hosts.connect(Hosts.client(), Hosts.address(1), 8001);
        String answer = Hosts.ask(held);
        String links = Hosts.in(1, "ip", "-o", "link");
        dataplane.close();

        Dataplane next = hosts.dataplane(1);
        assertThat(next.matchBridges(ALL)).isEmpty();

        assertThat(Hosts.ask(held)).isEqualTo(answer);
        assertThat(Hosts.in(1, "ip", "-o", "link")).isEqualTo(links);
        assertThat(next.tasks())
                .singleElement()
                .satisfies(task -> assertThat(task.attachments()).containsExactly(in(APP, 2), in(SIDE, 2)));
        assertThat(hosts.fetch(Hosts.client(), Hosts.address(1), 8001)).isEqualTo("web " + Hosts.CLIENT);
    }

    @Test
    void whatIsNotWantedGoesAndWhatIsMissingIsMadeAgain() throws IOException {
        Hosts.in(1, "ip", "link", "del", "br-app");
        Hosts.in(1, "nft", "flush", "ruleset");
        attach("web", in(APP, 2));
        assertThat(Hosts.in(1, "ip", "-o", "link")).contains("br-app", "n0-web");
        dataplane.detach("run-web");
        assertThat(dataplane.matchBridges(List.of(SIDE))).isEmpty();
        assertThat(Hosts.in(1, "ip", "-o", "link")).contains("br-side").doesNotContain("br-app", "br-inner");
        assertThat(dataplane.matchBridges(List.of())).isEmpty();
        assertThat(Hosts.in(1, "ip", "-o", "link")).doesNotContain("br-");
        assertThat(Hosts.in(1, "nft", "list", "ruleset")).doesNotContain("panal");
        dataplane.clear();
        assertThat(Hosts.in(1, "sysctl", "-n", "net.ipv4.ip_forward")).isEqualTo("0\n");
    }

    @Test
    void leavingTheSwarmLeavesContainersOfUsersAlone() throws IOException {
        dataplane.apply(Hosts.state(1, 1, List.of(), List.of()));
        serve("web", 8001, in(APP, 2));
        dataplane.clear();
        assertThat(hosts.fetch(Hosts.client(), Hosts.address(1), 8001)).isEqualTo("web " + Hosts.CLIENT);
        assertThat(Hosts.in(1, "ip", "-o", "link")).doesNotContain("docker_gwbridge", "ingress0");
        dataplane.sweep(Set.of());
        assertThat(hosts.runDirectory(1).resolve("netns")).isEmptyDirectory();
    }

    @Test
    void aFirewallThatDropsForwardedPacketsIsReportedForTheBridgesToo() throws IOException {
        Hosts.in(1, "iptables", "-P", "FORWARD", "DROP");
        assertThat(dataplane.matchBridges(List.of(APP, INNER)))
                .singleElement()
                .asString()
                .contains("iptables -I FORWARD -i br-app -j ACCEPT")
                .doesNotContain("br-inner");
    }

    @Test
    void ipv6IsAddressedRoutedAndShown() throws IOException {
        Bridge dual = new Bridge(
                "dual-id",
                "dual",
                "br-dual",
                List.of(Cidr.of("10.24.0.1/24"), Cidr.of("fd00:24::1/64")),
                1400,
                Bridge.Traffic.USUAL);
        dataplane.matchBridges(List.of(APP, dual));
        var one = new TaskNetwork.Attachment("dual-id", "10.24.0.2/24", List.of(), List.of("fd00:24::2/64"));
        var two = new TaskNetwork.Attachment("dual-id", "10.24.0.3/24", List.of(), List.of("fd00:24::3/64"));
        Sandbox web = dataplane.attach(container("web", List.of(), in(APP, 2), one));
        hosts.serve(new NetworkNamespace(web.namespace()), "web", 80);
        NetworkNamespace client = attach("client", two);
        assertThat(hosts.fetch(client, "fd00:24::2", 80)).startsWith("web fd00:24:");
        assertThat(web.endpoints().getLast().ipv6()).contains(new Sandbox.Ipv6("fd00:24::2/64", "fd00:24::1"));
        assertThat(new NetworkNamespace(web.namespace()).enter(() -> Hosts.run("ip", "route")))
                .contains("default via 10.20.0.1 dev eth0");
        assertThat(new NetworkNamespace(web.namespace()).enter(() -> Hosts.run("ip", "-6", "route")))
                .contains("default via fd00:24::1 dev eth1");
        assertThat(Hosts.in(1, "ip", "-o", "link", "show", "br-dual")).contains("mtu 1400");
    }
}
