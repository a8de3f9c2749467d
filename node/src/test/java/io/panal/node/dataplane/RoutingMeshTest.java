package io.panal.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.node.kernel.NetworkNamespace;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Three hosts, tasks on the first two, on the real kernel.
class RoutingMeshTest {
    private static final int COUNT = 3;
    private static final List<Integer> TASK_HOSTS = List.of(1, 2);

    private Hosts hosts;
    private List<Dataplane> dataplanes;

    @BeforeEach
    void startHosts() throws IOException {
        hosts = new Hosts(COUNT);
        dataplanes = new ArrayList<>();
        for (int host = 1; host <= COUNT; host++) {
            dataplanes.add(hosts.dataplane(host));
            assertThat(of(host).apply(state(host))).isEmpty();
        }
        for (int host : TASK_HOSTS) {
            Sandbox sandbox = of(host).attach(Hosts.task("task" + host, host));
            hosts.serve(new NetworkNamespace(sandbox.namespace()), "task" + host, 80);
        }
    }

    @AfterEach
    void stopHosts() throws Exception {
        hosts.close();
    }

    private Dataplane of(int host) {
        return dataplanes.get(host - 1);
    }

    private static NetworkState state(int host) {
        return Hosts.state(host, COUNT, TASK_HOSTS, published("10.0.0.11", "10.0.0.12"));
    }

    private static List<Overlay.Published> published(String... backends) {
        return List.of(
                new Overlay.Published("tcp", 8080, 80, List.of(backends)),
                new Overlay.Published("udp", 8080, 80, List.of(backends)));
    }

    private Map<String, Integer> tally(NetworkNamespace from, String address, int times) throws IOException {
        Map<String, Integer> answers = new TreeMap<>();
        for (int i = 0; i < times; i++) {
            answers.merge(hosts.fetch(from, address, 8080), 1, Integer::sum);
        }
        return answers;
    }

    @Test
    void aPublishedPortAnswersOnEveryHostWithTheClientsAddressAndInTurns() throws IOException {
        for (int host = 1; host <= COUNT; host++) {
            assertThat(tally(Hosts.client(), Hosts.address(host), 10))
                    .as("host %d", host)
                    .isEqualTo(Map.of("task1 " + Hosts.CLIENT, 5, "task2 " + Hosts.CLIENT, 5));
            assertThat(Hosts.fetchUdp(Hosts.client(), Hosts.address(host), 8080))
                    .endsWith(" " + Hosts.CLIENT);
        }
    }

    @Test
    void aPublishedPortAnswersOnTheLoopbackOfEveryHost() throws IOException {
        for (int host = 1; host <= COUNT; host++) {
            for (String address : List.of("127.0.0.1", Hosts.address(host))) {
                assertThat(tally(Hosts.host(host), address, 4))
                        .as("host %d %s", host, address)
                        .isEqualTo(Map.of("task1 " + Hosts.address(host), 2, "task2 " + Hosts.address(host), 2));
            }
            assertThat(hosts.fetch(Hosts.host(host), "::1", 8080)).endsWith(" " + Hosts.address(host));
        }
    }

    @Test
    void aHostThatFallsSilentGetsNoNewConnectionsUntilItSpeaksAgain() throws Exception {
        // Both other hosts have heard of it.
        until(() -> echoesAnsweredBy(2) >= 6);

        Hosts.in(2, "ip", "link", "set", "eth0", "down");
        until(() -> tally(Hosts.client(), Hosts.address(3), 4).equals(Map.of("task1 " + Hosts.CLIENT, 4)));

        Hosts.in(2, "ip", "link", "set", "eth0", "up");
        until(() -> tally(Hosts.client(), Hosts.address(3), 4)
                .equals(Map.of("task1 " + Hosts.CLIENT, 2, "task2 " + Hosts.CLIENT, 2)));
    }

    @Test
    void aServiceWhoseTasksAreAllOnSilentHostsKeepsThem() throws Exception {
        of(3).apply(Hosts.state(3, COUNT, TASK_HOSTS, published("10.0.0.12")));
        until(() -> echoesAnsweredBy(2) >= 6);
        Hosts.in(
                2,
                "nft",
                "add table ip quiet; add chain ip quiet in { type filter hook input priority 0; }; add rule ip quiet in icmp type echo-request drop");

        until(() -> of(3).silentHosts().size() == 1);
        assertThat(hosts.fetch(Hosts.client(), Hosts.address(3), 8080)).isEqualTo("task2 " + Hosts.CLIENT);
    }

    private static long echoesAnsweredBy(int host) throws IOException {
        List<String> lines = Hosts.host(host)
                .enter(() -> Files.readAllLines(Path.of("/proc/thread-self/net/snmp")).stream()
                        .filter(line -> line.startsWith("Icmp: "))
                        .toList());
        int column = List.of(lines.getFirst().split(" ")).indexOf("OutEchoReps");
        return Long.parseLong(lines.getLast().split(" ")[column]);
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        Instant deadline = Instant.now().plusSeconds(30);
        boolean held = false;
        while (!held) {
            assertThat(Instant.now()).as("the time by which it holds").isBefore(deadline);
            try {
                held = condition.call();
            } catch (IOException notYet) {
                assertThat(notYet).as("a request into the void").isNotNull();
            }
        }
    }

    @Test
    void aKernelWithoutTheEgressHookAnswersByRoutes() throws IOException {
        for (int host : TASK_HOSTS) {
            of(host).close();
            dataplanes.set(host - 1, hosts.dataplane(host, AnswerPath.ROUTES));
            of(host).apply(state(host));
            of(host).detach("task" + host);
            Sandbox sandbox = of(host).attach(Hosts.task("late" + host, host));
            hosts.serve(new NetworkNamespace(sandbox.namespace()), "task" + host, 80);
        }
        for (int host = 1; host <= COUNT; host++) {
            assertThat(tally(Hosts.client(), Hosts.address(host), 4))
                    .isEqualTo(Map.of("task1 " + Hosts.CLIENT, 2, "task2 " + Hosts.CLIENT, 2));
        }
    }

    @Test
    void oneClientPortThroughTwoHostsMakesTwoConnections() throws IOException {
        for (int host = 1; host <= COUNT; host++) {
            of(host).apply(Hosts.state(host, COUNT, TASK_HOSTS, published("10.0.0.12")));
        }
        SocketChannel first = hosts.connect(Hosts.client(), Hosts.address(1), 8080, 40_001);
        SocketChannel second = hosts.connect(Hosts.client(), Hosts.address(3), 8080, 40_001);
        assertThat(Hosts.ask(first)).isEqualTo("task2 " + Hosts.CLIENT);
        assertThat(Hosts.ask(second)).isEqualTo("task2 " + Hosts.CLIENT);
    }

    @Test
    void aTaskSeesTheClientsOwnPort() throws IOException {
        of(3).apply(Hosts.state(3, COUNT, TASK_HOSTS, published("10.0.0.12")));
        SocketChannel held = hosts.connect(Hosts.client(), Hosts.address(3), 8080, 40_002);
        assertThat(Hosts.ask(held)).isEqualTo("task2 " + Hosts.CLIENT);
        String sandbox = hosts.runDirectory(2).resolve("netns/task2").toString();
        assertThat(Hosts.run("nsenter", "--net=" + sandbox, "ss", "-Htn")).contains(Hosts.CLIENT + "]:40002");
    }

    @Test
    void aTaskReachesPublishedPortsAndTheWorldOutside() throws IOException {
        NetworkNamespace task = new NetworkNamespace(hosts.runDirectory(1).resolve("netns/task1"));
        assertThat(tally(task, Hosts.address(1), 4).values()).containsExactly(2, 2);
        assertThat(tally(task, Hosts.address(3), 4).values()).containsExactly(2, 2);
        hosts.serve(Hosts.client(), "outside", 80);
        assertThat(hosts.fetch(task, Hosts.CLIENT, 80)).isEqualTo("outside " + Hosts.address(1));
    }

    @Test
    void aBackendTakenOutKeepsItsConnectionsAndGetsNoNewOnes() throws IOException {
        List<SocketChannel> held = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            held.add(hosts.connect(Hosts.client(), Hosts.address(3), 8080));
        }
        of(3).apply(Hosts.state(3, COUNT, TASK_HOSTS, published("10.0.0.12")));
        assertThat(tally(Hosts.client(), Hosts.address(3), 4)).isEqualTo(Map.of("task2 " + Hosts.CLIENT, 4));
        assertThat(List.of(Hosts.ask(held.get(0)), Hosts.ask(held.get(1))))
                .containsExactlyInAnyOrder("task1 " + Hosts.CLIENT, "task2 " + Hosts.CLIENT);
    }

    @Test
    void aConnectionToADeadBackendIsCutAtOnce() throws IOException {
        of(3).apply(Hosts.state(3, COUNT, TASK_HOSTS, published("10.0.0.11")));
        SocketChannel held = hosts.connect(Hosts.client(), Hosts.address(3), 8080);
        assertThat(Hosts.ask(held)).isEqualTo("task1 " + Hosts.CLIENT);
        of(1).detach("task1");
        of(3).apply(Hosts.state(3, COUNT, List.of(2), published("10.0.0.12")));
        assertThatThrownBy(() -> Hosts.ask(held))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("reset");
    }

    @Test
    void aPublishedPortWithoutBackendsRefusesAndAWithdrawnOneIsFree() throws IOException {
        of(3).apply(Hosts.state(3, COUNT, TASK_HOSTS, published()));
        assertThatThrownBy(() -> hosts.fetch(Hosts.client(), Hosts.address(3), 8080))
                .isInstanceOf(ConnectException.class);
        of(3).apply(Hosts.state(3, COUNT, TASK_HOSTS, List.of()));
        hosts.serve(Hosts.host(3), "other", 8080);
        assertThat(hosts.fetch(Hosts.client(), Hosts.address(3), 8080)).isEqualTo("other " + Hosts.CLIENT);
    }

    @Test
    void aPortOfAnotherProgramIsLeftToItAndReported() throws IOException {
        hosts.serve(Hosts.host(3), "other", 9090);
        List<Overlay.Published> both = new ArrayList<>(published("10.0.0.11"));
        both.add(new Overlay.Published("tcp", 9090, 80, List.of("10.0.0.11")));
        assertThat(of(3).apply(Hosts.state(3, COUNT, TASK_HOSTS, both)))
                .singleElement()
                .asString()
                .contains("port 9090/tcp is already in use on this node");
        assertThat(hosts.fetch(Hosts.client(), Hosts.address(3), 9090)).isEqualTo("other " + Hosts.CLIENT);
        assertThat(hosts.fetch(Hosts.client(), Hosts.address(3), 8080)).isEqualTo("task1 " + Hosts.CLIENT);
    }

    @Test
    void onlyPublishedPortsLeadToTasks() {
        Hosts.run("ip", "-n", Hosts.CLIENT_NAMESPACE, "route", "add", "10.0.0.0/24", "via", Hosts.address(1));
        assertThatThrownBy(() -> hosts.connect(Hosts.client(), Hosts.taskAddress(1), 80))
                .isInstanceOf(IOException.class);
    }

    @Test
    void applyingAgainChangesNothing() throws IOException {
        String before = kernelOf(1);
        assertThat(of(1).apply(state(1))).isEmpty();
        of(1).attach(Hosts.task("task1", 1));
        assertThat(kernelOf(1)).isEqualTo(before);
    }

    @Test
    void whatOthersBrokeIsMendedByApplyingAgain() throws IOException {
        Hosts.in(3, "ip", "link", "del", "ingress0");
        of(3).apply(state(3));
        assertThat(hosts.fetch(Hosts.client(), Hosts.address(3), 8080)).endsWith(" " + Hosts.CLIENT);
    }

    @Test
    void aNewDaemonAdoptsWhatIsThereAndNoConnectionNotices() throws IOException {
        SocketChannel held = hosts.connect(Hosts.client(), Hosts.address(1), 8080);
        String answer = Hosts.ask(held);
        of(1).close();
        assertThat(Hosts.ask(held)).isEqualTo(answer);
        Dataplane next = hosts.dataplane(1);
        assertThat(Hosts.ask(held)).isEqualTo(answer);
        assertThat(next.apply(state(1))).isEmpty();
        next.sweep(Set.of("task1"));
        next.attach(Hosts.task("task1", 1));
        assertThat(Hosts.ask(held)).isEqualTo(answer);
        assertThat(tally(Hosts.client(), Hosts.address(1), 4).values()).containsExactly(2, 2);
        next.sweep(Set.of());
        assertThat(hosts.runDirectory(1).resolve("netns")).isEmptyDirectory();
    }

    @Test
    void clearLeavesNothingOfOursInTheKernel() throws IOException {
        of(1).clear();
        assertThat(Hosts.in(1, "ip", "-o", "link")).doesNotContain("docker_gwbridge", "ingress0");
        assertThat(Hosts.in(1, "nft", "list", "ruleset")).isBlank();
        assertThat(Hosts.in(1, "ip", "route")).doesNotContain("10.0.0.0", "172.");
        assertThat(Hosts.in(1, "sysctl", "-n", "net.ipv4.ip_forward")).isEqualTo("0\n");
        assertThat(Hosts.run("cat", "/proc/self/mounts"))
                .doesNotContain(hosts.runDirectory(1).toString());
        of(1).apply(state(1));
        of(1).attach(Hosts.task("task1", 1));
    }

    @Test
    void aFirewallThatDropsForwardedPacketsIsReported() throws IOException {
        Hosts.in(3, "iptables", "-P", "FORWARD", "DROP");
        assertThat(of(3).apply(state(3)))
                .singleElement()
                .asString()
                .contains("iptables -I FORWARD -i docker_gwbridge -j ACCEPT");
        for (String device : List.of("docker_gwbridge", "ingress0")) {
            Hosts.in(3, "iptables", "-I", "FORWARD", "-i", device, "-j", "ACCEPT");
            Hosts.in(3, "iptables", "-I", "FORWARD", "-o", device, "-j", "ACCEPT");
        }
        assertThat(of(3).apply(state(3))).isEmpty();
    }

    private static String kernelOf(int host) {
        return Hosts.in(host, "ip", "-o", "address")
                + Hosts.in(host, "ip", "route")
                + Hosts.in(host, "nft", "-a", "list", "ruleset");
    }
}
