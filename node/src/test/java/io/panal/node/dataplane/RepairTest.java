package io.panal.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.node.kernel.NetworkNamespace;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Two hosts with a task of a published service each, and a client task on the first; other programs meddle there.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RepairTest {
    private static final String VIP = "10.0.1.2";
    private static final List<Integer> BOTH = List.of(1, 2);
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final Set<String> ALL = Set.of(
            "mesh web1 " + Hosts.CLIENT,
            "mesh web2 " + Hosts.CLIENT,
            "name web1 10.0.1.20",
            "name web2 10.0.1.20",
            "local web1 " + Hosts.address(1),
            "local web2 " + Hosts.address(1),
            "outside " + Hosts.address(1));

    private final RepairReports reports = new RepairReports();
    private Hosts hosts;
    private Dataplane first;

    @BeforeAll
    void startHosts() throws IOException {
        hosts = new Hosts(2);
        hosts.serve(Hosts.client(), "outside", 80);
        first = start(1);
        Dataplane second = start(2);
        serve(first, 1);
        serve(second, 2);
        first.attach(task("client", 20, false));
    }

    private Dataplane start(int host) throws IOException {
        Dataplane made = hosts.dataplane(host, RepairReports.often());
        assertThat(made.apply(state(host))).isEmpty();
        return made;
    }

    private void serve(Dataplane dataplane, int host) throws IOException {
        Sandbox sandbox = dataplane.attach(task("web" + host, host, true));
        hosts.serve(new NetworkNamespace(sandbox.namespace()), "web" + host, 80);
    }

    @AfterAll
    void stopHosts() throws Exception {
        hosts.close();
        reports.close();
    }

    private static NetworkState state(int host) {
        NetworkState mesh = Hosts.state(
                host, 2, BOTH, List.of(new Overlay.Published("tcp", 8080, 80, List.of("10.0.0.11", "10.0.0.12"))));
        int other = 3 - host;
        List<Overlay.Peer> peers = new ArrayList<>();
        peers.add(new Overlay.Peer("10.0.1.10" + other, Hosts.address(other)));
        if (other == 1) {
            peers.add(new Overlay.Peer("10.0.1.20", Hosts.address(other)));
        }
        List<Overlay.Backend> backends =
                List.of(new Overlay.Backend("10.0.1.101", List.of()), new Overlay.Backend("10.0.1.102", List.of()));
        Overlay app = new Overlay(
                "appnetwork",
                "app",
                4097,
                List.of(new Overlay.Subnet("10.0.1.0/24", "10.0.1.1")),
                0,
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                peers,
                List.of(new Overlay.Service("web", List.of(), List.of(VIP), backends)),
                List.of());
        return new NetworkState(
                mesh.nodeAddress(), mesh.dataPathPort(), List.of(mesh.overlays().getFirst(), app));
    }

    private static TaskNetwork task(String id, int number, boolean published) {
        List<TaskNetwork.Attachment> attachments = new ArrayList<>();
        if (published) {
            attachments.add(new TaskNetwork.Attachment("ingressnetwork", Hosts.taskAddress(number) + "/24", List.of()));
        }
        String own = published ? "10.0.1.10" + number : "10.0.1." + number;
        attachments.add(new TaskNetwork.Attachment("appnetwork", own + "/24", List.of()));
        return new TaskNetwork(id, id, attachments, List.of(), true, TaskNetwork.Names.NONE);
    }

    private NetworkNamespace client() {
        return new NetworkNamespace(hosts.runDirectory(1).resolve("netns/client"));
    }

    /// In `node`, in an overlay by its tunnel number, or in a task by its name.
    private void in(String where, String command) {
        Path run = hosts.runDirectory(1);
        String path = switch (where) {
            case "node" -> Hosts.host(1).path().toString();
            case "4096" -> run.resolve("network/overlays/4096-ingressnetwork").toString();
            case "4097" -> run.resolve("network/overlays/4097-appnetwork").toString();
            default -> run.resolve("netns/" + where).toString();
        };
        Hosts.run("nsenter", "--net=" + path, "sh", "-c", command);
    }

    /// Both tasks answer, each way; what was heard.
    private Set<String> heard() {
        Set<String> heard = new TreeSet<>();
        try {
            // Of two in a row each task answers one: they take turns.
            for (int i = 0; i < 2; i++) {
                heard.add("mesh " + hosts.fetch(Hosts.client(), Hosts.address(1), 8080));
            }
            for (int i = 0; i < 2; i++) {
                heard.add("name " + hosts.fetch(client(), VIP, 80));
            }
            for (int i = 0; i < 2; i++) {
                heard.add("local " + hosts.fetch(Hosts.host(1), "127.0.0.1", 8080));
            }
            heard.add(hosts.fetch(client(), Hosts.CLIENT, 80));
        } catch (IOException broken) {
            heard.add(broken.toString());
        }
        return heard;
    }

    @ParameterizedTest(name = "in {0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            node   | nft delete table inet panal                                 | nftables table inet panal
            node   | nft flush table inet panal                                  | nftables table inet panal
            node   | nft flush map inet panal tcp4                               | nftables table inet panal
            node   | nft insert rule inet panal forwarded drop                   | nftables table inet panal
            node   | ip link del ingress0                                        | interface ingress0
            node   | ip link set ingress0 down                                   | interface ingress0
            node   | ip addr flush dev ingress0                                  | address 10.0.0.2/24 of ingress0
            node   | ip route del 10.0.0.0/24 dev ingress0                       | route 10.0.0.0/24 of ingress0
            node   | ip link del docker_gwbridge                                 | interface docker_gwbridge
            node   | ip addr flush dev docker_gwbridge                           | of docker_gwbridge
            node   | ip link set t-client nomaster                               | not a port of docker_gwbridge
            node   | ip link del t-client                                        | interface eth1
            node   | sysctl -qw net.ipv4.ip_forward=0                            | setting net.ipv4.ip_forward
            node   | sysctl -qw net.ipv4.conf.ingress0.route_localnet=0          | ingress0.route_localnet
            node   | sysctl -qw net.ipv4.conf.ingress0.rp_filter=1               | ingress0.rp_filter
            4096   | ip link del vx0                                             | interface vx0
            4096   | ip link del br0                                             | interface br0
            4096   | ip link set vx0 nomaster                                    | interface vx0
            4096   | ip link del t-web1                                          | interface eth0
            4096   | ip link set host nomaster                                   | interface host
            4096   | bridge fdb del 02:42:0a:00:00:0c dev vx0 self               | tunnel entry
            4096   | bridge fdb replace 02:42:0a:00:00:0c dev vx0 self dst 192.168.66.9 permanent | tunnel entry
            4096   | bridge fdb del 02:42:0a:00:00:0c dev vx0 master             | tunnel entry
            4097   | ip neigh flush dev vx0 nud permanent                        | neighbour
            4097   | ip neigh replace 10.0.1.102 lladdr 02:42:0a:00:00:77 dev vx0 nud permanent | neighbour
            4097   | ip link set t-client nomaster                               | interface t-client
            4097   | ip link set t-client mtu 1300                               | found="mtu 1300" wanted="mtu 1450"
            client | nft flush ruleset                                           | nftables table inet panal_services
            client | nft flush map inet panal_services backend4                  | nftables table inet panal_services
            web1   | nft flush ruleset                                           | nftables table netdev panal_mesh
            client | ip link set eth0 down                                       | interface eth0
            client | ip addr flush dev eth0                                      | interface eth0
            """)
    void whatAnotherProgramBreaksIsMendedAndReported(String where, String command, String reported) {
        assertThat(heard()).isEqualTo(ALL);
        reports.clear();
        in(where, command);
        reports.awaitRepair(reported, ALL, this::heard);
    }

    @Test
    void aNewDaemonMendsWhatWasBrokenWhileNoneRan() throws IOException {
        first.close();
        in("web1", "nft flush ruleset");
        in("client", "nft flush ruleset");
        in("4096", "ip link del t-web1");
        first = start(1);
        Instant deadline = Instant.now().plus(WITHIN);
        for (Set<String> heard = heard(); !heard.equals(ALL); heard = heard()) {
            assertThat(Instant.now()).as("heard %s", heard).isBefore(deadline);
        }
    }

    @Test
    void anExaminationTellsAndChangesNothing() throws IOException {
        first.close();
        first = hosts.dataplane(1, new Dataplane.Tuning(AnswerPath.ofThisKernel(), Duration.ofHours(1)));
        first.apply(state(1));
        first.examine(true);
        in("node", "ip link del ingress0");
        in("4097", "ip link set t-client nomaster");
        in("client", "nft flush ruleset");
        List<Difference> told = first.examine(false);
        assertThat(told)
                .contains(
                        new Difference("node", "interface ingress0", "missing", "panal ingress 10.0.0.2/24 mtu 1450"),
                        new Difference("task client", "interface t-client", "not a port of br0", "a port of br0"),
                        new Difference(
                                "task client", "nftables table ip panal_names", "missing", "as this node writes it"));
        assertThat(first.examine(false)).isEqualTo(told);
        assertThat(first.examine(true)).containsAll(told);
        assertThat(first.examine(false)).isEmpty();
        assertThat(heard()).isEqualTo(ALL);
        first.close();
        first = start(1);
    }

    /// Else what tasks send is larger than what the tunnel takes, and lost without a word.
    @Test
    void tasksFollowTheMtuOfTheNodesOwnInterface() {
        reports.clear();
        in("node", "ip link set eth0 mtu 1400");
        reports.awaitRepair("what=\"interface eth0\" found=\"mtu 1450\" wanted=\"mtu 1350\"", ALL, this::heard);
        assertThat(Hosts.run("nsenter", "--net=" + client().path(), "ip", "-o", "link", "show", "eth0"))
                .contains("mtu 1350");
        reports.clear();
        in("node", "ip link set eth0 mtu 1500");
        reports.awaitRepair("what=\"interface eth0\" found=\"mtu 1350\" wanted=\"mtu 1450\"", ALL, this::heard);
    }

    @Test
    void whatIsAsWantedIsLeftAlone() throws IOException {
        SocketChannel held = hosts.connect(Hosts.client(), Hosts.address(1), 8080);
        String answer = Hosts.ask(held);
        reports.clear();
        String before = Hosts.in(1, "nft", "-a", "list", "ruleset");
        assertThat(first.examine(false)).isEmpty();
        assertThat(first.examine(true)).isEmpty();
        assertThat(first.apply(state(1))).isEmpty();
        assertThat(Hosts.in(1, "nft", "-a", "list", "ruleset")).isEqualTo(before);
        assertThat(Hosts.ask(held)).isEqualTo(answer);
        assertThat(reports.isEmpty()).isTrue();
    }
}
