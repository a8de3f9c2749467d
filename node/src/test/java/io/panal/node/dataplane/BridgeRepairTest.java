package io.panal.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.node.kernel.NetworkNamespace;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A host in no swarm with a network that a user made and two containers on it; other programs meddle there.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BridgeRepairTest {
    private static final Bridge APP = new Bridge(
            "app-id",
            "app",
            "br-app",
            List.of(Cidr.of("10.20.0.1/24"), Cidr.of("fd00:20::1/64")),
            1400,
            Bridge.Traffic.USUAL);
    private static final Set<String> ALL = Set.of(
            "name web 10.20.0.3",
            "ipv6 web fd00:20:0:0:0:0:0:3",
            "port web " + Hosts.CLIENT,
            "local web 10.20.0.1",
            "outside " + Hosts.address(1));

    private final RepairReports reports = new RepairReports();
    private Hosts hosts;
    private Dataplane dataplane;
    private NetworkNamespace client;

    @BeforeAll
    void startHost() throws IOException {
        hosts = new Hosts(1);
        hosts.serve(Hosts.client(), "outside", 80);
        dataplane = hosts.dataplane(1, RepairReports.often());
        assertThat(dataplane.matchBridges(List.of(APP))).isEmpty();
        hosts.serve(attach("web", 2, List.of(new TaskNetwork.HostPort("tcp", 8001, 80))), "web", 80);
        client = attach("client", 3, List.of());
    }

    @AfterAll
    void stopHost() throws Exception {
        hosts.close();
        reports.close();
    }

    private NetworkNamespace attach(String id, int last, List<TaskNetwork.HostPort> ports) throws IOException {
        var attachment = new TaskNetwork.Attachment(
                APP.id(), "10.20.0." + last + "/24", List.of(), List.of("fd00:20::" + last + "/64"));
        var wanted = new TaskNetwork("run-" + id, id, List.of(attachment), ports, false, TaskNetwork.Names.NONE);
        return new NetworkNamespace(dataplane.attach(wanted).namespace());
    }

    /// The container answers each way; what was heard.
    private Set<String> heard() {
        Set<String> heard = new TreeSet<>();
        try {
            heard.add("name " + hosts.fetch(client, "10.20.0.2", 80));
            heard.add("ipv6 " + hosts.fetch(client, "fd00:20::2", 80));
            heard.add("port " + hosts.fetch(Hosts.client(), Hosts.address(1), 8001));
            heard.add("local " + hosts.fetch(Hosts.host(1), "127.0.0.1", 8001));
            heard.add(hosts.fetch(client, Hosts.CLIENT, 80));
        } catch (IOException broken) {
            heard.add(broken.toString());
        }
        return heard;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            ip link del br-app                                | where="network app" what="interface br-app" found="missing"
            ip link set br-app down                           | what="interface br-app" found="down"
            ip link set br-app mtu 1300                       | found="mtu 1300" wanted="mtu 1400"
            ip addr flush dev br-app                          | what="address 10.20.0.1/24 of br-app"
            ip addr del fd00:20::1/64 dev br-app              | what="address fd00:20::1/64 of br-app"
            ip route del 10.20.0.0/24 dev br-app              | what="route 10.20.0.0/24 of br-app"
            ip link set n0-web nomaster                       | where="task run-web" what="interface n0-web" found="not a port of br-app"
            ip link set n0-web down                           | what="interface n0-web" found="down"
            ip link del n0-web                                | where="task run-web" what="interface eth0" found="missing"
            nft delete table inet panal                       | what="nftables table inet panal" found="missing"
            nft flush chain inet panal leaving                | what="nftables table inet panal"
            sysctl -qw net.ipv4.ip_forward=0                  | setting net.ipv4.ip_forward
            sysctl -qw net.ipv6.conf.all.forwarding=0         | setting net.ipv6.conf.all.forwarding
            sysctl -qw net.ipv4.conf.br-app.route_localnet=0  | br-app.route_localnet
            sysctl -qw net.ipv4.conf.br-app.forwarding=0      | br-app.forwarding
            """)
    void whatAnotherProgramBreaksOfANetworkOfThisHostComesBack(String command, String reported) {
        assertThat(heard()).isEqualTo(ALL);
        reports.clear();
        Hosts.in(1, command.split(" "));
        reports.awaitRepair(reported, ALL, this::heard);
    }

    @Test
    void connectionsGoOnOverABridgeThatCameBack() throws IOException {
        SocketChannel held = hosts.connect(client, "10.20.0.2", 80);
        String answer = Hosts.ask(held);
        reports.clear();
        Hosts.in(1, "ip", "link", "del", "br-app");
        reports.awaitRepair("interface br-app", ALL, this::heard);
        assertThat(Hosts.ask(held)).isEqualTo(answer);
    }

    @Test
    void anExaminationTellsOfABridgeAndChangesNothing() throws Exception {
        dataplane.close();
        dataplane = hosts.dataplane(1, new Dataplane.Tuning(AnswerPath.ofThisKernel(), Duration.ofHours(1)));
        dataplane.matchBridges(List.of(APP));
        dataplane.examine(true);
        Hosts.in(1, "ip", "link", "set", "n0-web", "nomaster");
        Hosts.in(1, "ip", "link", "set", "br-app", "down");
        List<Difference> told = dataplane.examine(false);
        assertThat(told)
                .containsExactlyInAnyOrder(
                        new Difference("network app", "interface br-app", "down", "up"),
                        new Difference("task run-web", "interface n0-web", "not a port of br-app", "a port of br-app"),
                        new Difference("network app", "address fd00:20::1/64 of br-app", "missing", "present"));
        assertThat(dataplane.examine(false)).isEqualTo(told);
        assertThat(dataplane.examine(true)).containsAll(told);
        assertThat(dataplane.examine(false)).isEmpty();
        assertThat(heard()).isEqualTo(ALL);
        dataplane.close();
        dataplane = hosts.dataplane(1, RepairReports.often());
        dataplane.matchBridges(List.of(APP));
    }

    @Test
    void aNetworkThatIsRemovedStaysAway() throws IOException {
        Bridge side =
                new Bridge("side-id", "side", "br-side", List.of(Cidr.of("10.21.0.1/24")), 0, Bridge.Traffic.USUAL);
        dataplane.matchBridges(List.of(APP, side));
        dataplane.matchBridges(List.of(APP));
        reports.clear();
        Hosts.in(1, "ip", "link", "add", "br-side", "type", "bridge");
        Hosts.in(1, "ip", "link", "set", "br-app", "down");
        reports.awaitRepair("interface br-app", ALL, this::heard);
        assertThat(Hosts.in(1, "ip", "-o", "addr", "show", "br-side")).doesNotContain("10.21.0.1");
        Hosts.in(1, "ip", "link", "del", "br-side");
    }
}
