package io.panal.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.node.kernel.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// An overlay of IPv6 with two subnets of IPv4, on two hosts: `web` has a task on each, in a subnet each.
class FamiliesTest {
    private static final String VIP = "10.0.1.2";
    private static final String VIP6 = "fd00:1::a00:102";
    private static final List<Overlay.Subnet> SUBNETS = List.of(
            new Overlay.Subnet("10.0.1.0/24", "10.0.1.1"),
            new Overlay.Subnet("10.0.2.0/24", "10.0.2.1"),
            new Overlay.Subnet("fd00:1::/64", ""));

    private Hosts hosts;
    private Dataplane first;
    private Dataplane second;
    private NetworkNamespace client;

    @BeforeEach
    void startHosts() throws IOException {
        hosts = new Hosts(2);
        first = hosts.dataplane(1);
        second = hosts.dataplane(2);
        assertThat(first.apply(state(1, "10.0.2.12"))).isEmpty();
        assertThat(second.apply(state(2, "10.0.1.11", "10.0.1.20", "10.0.2.21")))
                .isEmpty();
        hosts.serve(attach(first, "web.1", "10.0.1.11"), "web1", 80);
        hosts.serve(attach(second, "web.2", "10.0.2.12"), "web2", 80);
        client = attach(first, "client", "10.0.1.20");
    }

    @AfterEach
    void stopHosts() throws Exception {
        hosts.close();
    }

    private static String ipv6(String ipv4) {
        return Cidr.shown(Cidr.of("fd00:1::/64").endingWith(InetAddress.ofLiteral(ipv4)));
    }

    private static NetworkState state(int host, String... elsewhere) {
        List<Overlay.Peer> peers = Stream.of(elsewhere)
                .flatMap(ip -> Stream.of(ip, ipv6(ip)))
                .map(ip -> new Overlay.Peer(ip, Hosts.address(3 - host)))
                .toList();
        List<Overlay.Backend> tasks = Stream.of("10.0.1.11", "10.0.2.12")
                .flatMap(ip -> Stream.of(ip, ipv6(ip)))
                .map(ip -> new Overlay.Backend(ip, List.of("web.1")))
                .toList();
        Overlay overlay = new Overlay(
                "appnetwork",
                "app",
                4097,
                SUBNETS,
                0,
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                peers,
                List.of(new Overlay.Service("web", List.of(), List.of(VIP, VIP6), tasks)),
                List.of());
        return new NetworkState(Hosts.address(host), 4789, List.of(overlay));
    }

    private static TaskNetwork task(String id, String ip) {
        String other = ip.startsWith("10.0.1.") ? "10.0.2.0/24" : "10.0.1.0/24";
        return new TaskNetwork(
                id,
                id,
                List.of(new TaskNetwork.Attachment(
                        "appnetwork", ip + "/24", List.of(), List.of(ipv6(ip) + "/64"), List.of(other))),
                List.of(),
                true,
                TaskNetwork.Names.NONE);
    }

    private static NetworkNamespace attach(Dataplane dataplane, String id, String ip) throws IOException {
        return new NetworkNamespace(dataplane.attach(task(id, ip)).namespace());
    }

    @Test
    void tasksReachEachOtherInEachFamilyAndEachSubnetHereAndElsewhere() throws IOException {
        NetworkNamespace neighbour = attach(first, "neighbour", "10.0.2.21");
        hosts.serve(neighbour, "neighbour", 80);

        assertThat(hosts.fetch(client, "10.0.1.11", 80)).isEqualTo("web1 10.0.1.20");
        assertThat(hosts.fetch(client, "10.0.2.12", 80))
                .as("another subnet on another host")
                .isEqualTo("web2 10.0.1.20");
        assertThat(hosts.fetch(client, "10.0.2.21", 80))
                .as("another subnet here")
                .isEqualTo("neighbour 10.0.1.20");
        assertThat(hosts.fetch(client, ipv6("10.0.1.11"), 80)).isEqualTo("web1 fd00:1:0:0:0:0:a00:114");
        assertThat(hosts.fetch(client, ipv6("10.0.2.12"), 80)).isEqualTo("web2 fd00:1:0:0:0:0:a00:114");
    }

    @Test
    void aVirtualAddressOfEachFamilySpreadsOverItsTasks() throws IOException {
        for (String vip : List.of(VIP, VIP6)) {
            Map<String, Integer> answers = new TreeMap<>();
            for (int i = 0; i < 6; i++) {
                answers.merge(hosts.fetch(client, vip, 80).substring(0, 4), 1, Integer::sum);
            }
            assertThat(answers).as(vip).isEqualTo(Map.of("web1", 3, "web2", 3));
        }
    }

    @Test
    void nothingDiffersAndANewDaemonKeepsAllOfIt() throws IOException {
        assertThat(first.examine(false)).isEmpty();
        first.close();
        Dataplane next = hosts.dataplane(1);
        assertThat(next.apply(state(1, "10.0.2.12"))).isEmpty();

        assertThat(next.tasks()).contains(task("client", "10.0.1.20"));
        assertThat(next.examine(false)).isEmpty();
        assertThat(hosts.fetch(client, ipv6("10.0.2.12"), 80)).startsWith("web2");
    }
}
