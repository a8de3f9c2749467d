package io.panal.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.node.kernel.NetworkNamespace;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Ports of one node, and the way outside, for tasks that are not on the ingress network.
class HostPortTest {
    private Hosts hosts;
    private Dataplane dataplane;

    @BeforeEach
    void startHosts() throws IOException {
        hosts = new Hosts(2);
        dataplane = hosts.dataplane(1);
        dataplane.apply(Hosts.state(1, 2, List.of(), List.of()));
    }

    @AfterEach
    void stopHosts() throws Exception {
        hosts.close();
    }

    private static TaskNetwork task(String id, TaskNetwork.HostPort... ports) {
        return new TaskNetwork(id, id, List.of(), List.of(ports), true, TaskNetwork.Names.NONE);
    }

    private NetworkNamespace attach(String id, TaskNetwork.HostPort... ports) throws IOException {
        NetworkNamespace namespace =
                new NetworkNamespace(dataplane.attach(task(id, ports)).namespace());
        hosts.serve(namespace, id, 80);
        return namespace;
    }

    @ParameterizedTest(name = "br_netfilter {0}")
    @ValueSource(ints = {0, 1})
    void aHostPortLeadsToItsTaskOnThisNodeOnly(int bridgedIsFiltered) throws IOException {
        dataplane.clear();
        Hosts.in(1, "sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=" + bridgedIsFiltered);
        dataplane.apply(Hosts.state(1, 2, List.of(), List.of()));
        NetworkNamespace server =
                attach("server", new TaskNetwork.HostPort("tcp", 8090, 80), new TaskNetwork.HostPort("udp", 8090, 80));
        NetworkNamespace other = attach("other");
        assertThat(hosts.fetch(Hosts.client(), Hosts.address(1), 8090)).isEqualTo("server " + Hosts.CLIENT);
        assertThat(Hosts.fetchUdp(Hosts.client(), Hosts.address(1), 8090)).isEqualTo("server " + Hosts.CLIENT);
        assertThat(hosts.fetch(Hosts.host(1), "127.0.0.1", 8090)).isEqualTo("server 172.18.0.1");
        assertThat(hosts.fetch(Hosts.host(1), "::1", 8090)).isEqualTo("server 172.18.0.1");
        assertThat(hosts.fetch(other, Hosts.address(1), 8090)).isEqualTo("server 172.18.0.1");
        assertThat(hosts.fetch(server, Hosts.address(1), 8090)).isEqualTo("server 172.18.0.1");
        assertThatThrownBy(() -> hosts.fetch(Hosts.client(), Hosts.address(2), 8090))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void aTaskBehindThePublishedPortsMayHaveAHostPortToo() throws IOException {
        dataplane.apply(Hosts.state(
                1, 2, List.of(1), List.of(new Overlay.Published("tcp", 8080, 80, List.of(Hosts.taskAddress(1))))));
        TaskNetwork both = new TaskNetwork(
                "both",
                "both",
                Hosts.task("both", 1).attachments(),
                List.of(new TaskNetwork.HostPort("tcp", 8090, 80)),
                true,
                TaskNetwork.Names.NONE);
        hosts.serve(new NetworkNamespace(dataplane.attach(both).namespace()), "both", 80);
        for (int port : new int[] {8080, 8090}) {
            assertThat(hosts.fetch(Hosts.client(), Hosts.address(1), port)).isEqualTo("both " + Hosts.CLIENT);
            assertThat(hosts.fetch(Hosts.host(1), "127.0.0.1", port)).isEqualTo("both " + Hosts.address(1));
        }
    }

    @Test
    void aTaskOfTheDaemonBeforeIsKnownBeforeAnyStateComes() throws IOException {
        NetworkNamespace _ = attach("server");
        Sandbox before = dataplane.attached("server").orElseThrow();
        dataplane.close();

        assertThat(hosts.dataplane(1).attached("server").orElseThrow().endpoints())
                .isEqualTo(before.endpoints())
                .isNotEmpty();
    }

    @Test
    void aHostPortInUseIsRefusedWithTheReasonAndNothingIsLeftBehind() throws IOException {
        hosts.serve(Hosts.host(1), "program", 8091);
        assertThatThrownBy(() -> dataplane.attach(task("late", new TaskNetwork.HostPort("tcp", 8091, 80))))
                .isInstanceOf(PortTakenException.class)
                .hasMessageContaining("port 8091/tcp is already in use on this node");
        assertThat(hosts.runDirectory(1).resolve("netns")).isEmptyDirectory();
        assertThat(hosts.runDirectory(1).resolve("network/tasks")).isEmptyDirectory();
    }

    @Test
    void aPortOfOneAddressIsPublishedThereAlone() throws IOException {
        Hosts.in(1, "ip", "addr", "add", "198.51.100.7/32", "dev", "lo");
        attach("server", new TaskNetwork.HostPort("tcp", 8090, 80, Hosts.address(1)));
        attach("local", new TaskNetwork.HostPort("tcp", 8090, 80, "127.0.0.1"));
        assertThat(hosts.fetch(Hosts.client(), Hosts.address(1), 8090)).isEqualTo("server " + Hosts.CLIENT);
        assertThat(hosts.fetch(Hosts.host(1), "127.0.0.1", 8090)).isEqualTo("local 172.18.0.1");
        assertThatThrownBy(() -> hosts.fetch(Hosts.host(1), "198.51.100.7", 8090))
                .isInstanceOf(ConnectException.class);
        dataplane.detach("server");
        assertThatThrownBy(() -> hosts.fetch(Hosts.client(), Hosts.address(1), 8090))
                .isInstanceOf(ConnectException.class);
        assertThat(hosts.fetch(Hosts.host(1), "127.0.0.1", 8090)).isEqualTo("local 172.18.0.1");
        assertThatThrownBy(() -> attach("foreign", new TaskNetwork.HostPort("tcp", 8090, 80, "198.51.100.8")))
                .hasMessageContaining("failed to bind port 198.51.100.8:8090/tcp: cannot assign requested address");
    }

    @Test
    void aTaskOnANetworkThatCannotBeMadeHearsWhy() throws IOException {
        NetworkState elsewhere = new NetworkState(
                "192.0.2.9", 4789, Hosts.state(1, 2, List.of(), List.of()).overlays());
        assertThatThrownBy(() -> dataplane.apply(elsewhere)).hasMessageContaining("192.0.2.9");
        assertThatThrownBy(() -> dataplane.attach(Hosts.task("task1", 1)))
                .hasMessageContaining("network ingress is not usable on this node")
                .hasMessageContaining("no interface of this node holds the address 192.0.2.9");
        dataplane.apply(Hosts.state(1, 2, List.of(), List.of()));
        assertThat(dataplane.attach(Hosts.task("task1", 1)).endpoints()).isNotEmpty();
    }

    @Test
    void aDetachedTasksPortIsFreeForTheNext() throws IOException {
        attach("first", new TaskNetwork.HostPort("tcp", 8090, 80));
        dataplane.detach("first");
        attach("second", new TaskNetwork.HostPort("tcp", 8090, 80));
        assertThat(hosts.fetch(Hosts.client(), Hosts.address(1), 8090)).isEqualTo("second " + Hosts.CLIENT);
    }

    @Test
    void tasksReachOutsideAsTheirHostAndNotEachOther() throws IOException {
        NetworkNamespace first = attach("first");
        NetworkNamespace second = attach("second");
        hosts.serve(Hosts.client(), "outside", 80);
        assertThat(hosts.fetch(first, Hosts.CLIENT, 80)).isEqualTo("outside " + Hosts.address(1));
        assertThatThrownBy(() -> hosts.fetch(second, "172.18.0.2", 80)).isInstanceOf(IOException.class);
    }

    @Test
    void theGatewayBridgeTakesASubnetThatIsFree() throws IOException {
        dataplane.clear();
        Hosts.in(1, "ip", "addr", "add", "172.18.9.1/24", "dev", "lo");
        Hosts.in(1, "ip", "route", "add", "172.19.0.0/16", "dev", "eth0");
        Sandbox sandbox = dataplane.attach(task("task"));
        assertThat(sandbox.endpoints())
                .containsExactly(new Sandbox.Endpoint(
                        "docker_gwbridge", "eth0", "172.20.0.2/16", "02:42:ac:14:00:02", "172.20.0.1"));
    }

    @Test
    void fiftyTasksAreAttachedWithinSeconds() throws IOException {
        long start = System.nanoTime();
        try (ExecutorService scope =
                Executors.newFixedThreadPool(8, Thread.ofVirtual().factory())) {
            for (int i = 0; i < 50; i++) {
                TaskNetwork wanted = task("task" + i);
                scope.submit(() -> dataplane.attach(wanted));
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(hosts.runDirectory(1).resolve("netns").toFile().list()).hasSize(50);
    }
}
