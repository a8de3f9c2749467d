package io.panal.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.node.kernel.NetworkNamespace;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A service `web` with a task on each of two hosts and a client task on the first, in one overlay.
class ServiceNamesTest {
    private static final String VIP = "10.0.1.2";
    private static final int A = 1;
    private static final int AAAA = 28;
    private static final int PTR = 12;

    private Hosts hosts;
    private Dataplane first;
    private Dataplane second;
    private NetworkNamespace client;

    @BeforeEach
    void startHosts() throws IOException {
        hosts = new Hosts(2);
        first = hosts.dataplane(1);
        second = hosts.dataplane(2);
        assertThat(first.apply(state(1, "10.0.1.11", "10.0.1.12"))).isEmpty();
        assertThat(second.apply(state(2, "10.0.1.11", "10.0.1.12"))).isEmpty();
        hosts.serve(attach(first, "web.1", "10.0.1.11"), "web1", 80);
        hosts.serve(attach(second, "web.2", "10.0.1.12"), "web2", 80);
        client = attach(first, "client", "10.0.1.20");
    }

    @AfterEach
    void stopHosts() throws Exception {
        hosts.close();
    }

    private static NetworkState state(int host, String... backends) {
        List<Overlay.Backend> tasks = Stream.of(backends)
                .map(ip -> new Overlay.Backend(ip, List.of("web." + ip.charAt(ip.length() - 1))))
                .toList();
        Map<Integer, List<String>> endpoints = Map.of(1, List.of("10.0.1.11", "10.0.1.20"), 2, List.of("10.0.1.12"));
        Overlay overlay = new Overlay(
                "appnetwork",
                "app",
                4097,
                List.of(new Overlay.Subnet("10.0.1.0/24", "10.0.1.1")),
                0,
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                endpoints.get(3 - host).stream()
                        .map(ip -> new Overlay.Peer(ip, Hosts.address(3 - host)))
                        .toList(),
                List.of(new Overlay.Service("web", List.of("site"), List.of(VIP), tasks)),
                List.of());
        return new NetworkState(Hosts.address(host), 4789, List.of(overlay));
    }

    private static TaskNetwork task(String id, String ip) {
        return new TaskNetwork(
                id,
                id,
                List.of(new TaskNetwork.Attachment("appnetwork", ip + "/24", List.of(id + "-alias"))),
                List.of(),
                true,
                TaskNetwork.Names.NONE);
    }

    private static NetworkNamespace attach(Dataplane dataplane, String id, String ip) throws IOException {
        return new NetworkNamespace(dataplane.attach(task(id, ip)).namespace());
    }

    private Map<String, Integer> tally(int times) throws IOException {
        Map<String, Integer> answers = new TreeMap<>();
        for (int i = 0; i < times; i++) {
            answers.merge(hosts.fetch(client, VIP, 80), 1, Integer::sum);
        }
        return answers;
    }

    @Test
    void aVirtualAddressSpreadsOverTheTasksWhichSeeTheClient() throws IOException {
        assertThat(tally(10)).isEqualTo(Map.of("web1 10.0.1.20", 5, "web2 10.0.1.20", 5));
    }

    @Test
    void aVirtualAddressFollowsItsTasksAndRefusesWithoutAny() throws IOException {
        SocketChannel held = hosts.connect(client, VIP, 80);
        SocketChannel other = hosts.connect(client, VIP, 80);
        first.apply(state(1, "10.0.1.12"));
        assertThat(tally(4)).isEqualTo(Map.of("web2 10.0.1.20", 4));
        assertThat(List.of(Hosts.ask(held), Hosts.ask(other)))
                .containsExactlyInAnyOrder("web1 10.0.1.20", "web2 10.0.1.20");
        first.apply(state(1));
        assertThatThrownBy(() -> hosts.fetch(client, VIP, 80)).isInstanceOf(ConnectException.class);
        first.apply(state(1, "10.0.1.11", "10.0.1.12"));
        assertThat(tally(4).values()).containsExactly(2, 2);
    }

    @Test
    void aNewDaemonKeepsServicesReachable() throws IOException {
        SocketChannel held = hosts.connect(client, VIP, 80);
        String answer = Hosts.ask(held);
        first.close();
        assertThat(tally(4).values()).containsExactly(2, 2);
        Dataplane next = hosts.dataplane(1);
        assertThat(tally(4).values()).containsExactly(2, 2);
        next.apply(state(1, "10.0.1.12"));
        assertThat(tally(4)).isEqualTo(Map.of("web2 10.0.1.20", 4));
        assertThat(Hosts.ask(held)).isEqualTo(answer);
        assertThat(resolve("web", A)).containsExactly(VIP);
    }

    @Test
    void aTasksResolverKnowsServicesTasksAndAliases() throws IOException {
        assertThat(resolve("web", A)).containsExactly(VIP);
        assertThat(resolve("WEB", A)).containsExactly(VIP);
        assertThat(resolve("site", A)).containsExactly(VIP);
        assertThat(resolve("web.app", A)).containsExactly(VIP);
        assertThat(resolve("tasks.web", A)).containsExactlyInAnyOrder("10.0.1.11", "10.0.1.12");
        assertThat(resolve("client-alias", A)).containsExactly("10.0.1.20");
        assertThat(resolve("web", AAAA)).isEmpty();
        assertThat(resolve("2.1.0.10.in-addr.arpa", PTR)).containsExactly("web.app");
        assertThat(resolve("tasks.none", A)).containsExactly("code 3");
    }

    @Test
    void aTasksResolverAnswersOverTcpToo() throws IOException {
        byte[] question = question("tasks.web", A);
        ByteBuffer out = ByteBuffer.allocate(2 + question.length);
        try (SocketChannel channel = hosts.connect(client, "127.0.0.11", 53)) {
            channel.write(out.putShort((short) question.length).put(question).flip());
            byte[] length = channel.socket().getInputStream().readNBytes(2);
            byte[] answer = channel.socket()
                    .getInputStream()
                    .readNBytes(ByteBuffer.wrap(length).getShort());
            assertThat(read(answer)).containsExactlyInAnyOrder("10.0.1.11", "10.0.1.12");
        }
    }

    @Test
    void otherNamesArePassedOnToTheHostsServers() throws IOException {
        Files.writeString(hosts.resolvConf(), "nameserver 192.168.66.250\nnameserver " + Hosts.CLIENT + "\n");
        try (DatagramChannel server = Hosts.client()
                .enter(() -> DatagramChannel.open(StandardProtocolFamily.INET).bind(new InetSocketAddress(53)))) {
            Thread.ofVirtual().start(() -> {
                ByteBuffer buffer = ByteBuffer.allocate(512);
                try {
                    var from = server.receive(buffer);
                    DnsMessage asked = DnsMessage.question(buffer.flip()).orElseThrow();
                    server.send(asked.answer(List.of(InetAddress.ofLiteral("192.0.2.7")), true), from);
                } catch (IOException closed) {
                    return;
                }
            });
            assertThat(resolve("example.org", A)).containsExactly("192.0.2.7");
        }
    }

    /// Answers each question that comes to it, once its header has been changed.
    private static void answer(DatagramChannel server, String address, int code) {
        Thread.ofVirtual().start(() -> {
            ByteBuffer buffer = ByteBuffer.allocate(512);
            try {
                while (server.isOpen()) {
                    var from = server.receive(buffer.clear());
                    ByteBuffer answer = DnsMessage.question(buffer.flip())
                            .orElseThrow()
                            .answer(List.of(InetAddress.ofLiteral(address)), true);
                    server.send(answer.put(3, (byte) (answer.get(3) | code)), from);
                }
            } catch (IOException closed) {
                return;
            }
        });
    }

    private static DatagramChannel serverIn(NetworkNamespace namespace, String address) throws IOException {
        return namespace.enter(
                () -> DatagramChannel.open(StandardProtocolFamily.INET).bind(new InetSocketAddress(address, 53)));
    }

    private static TaskNetwork naming(String id, String ip, boolean gateway, String... servers) {
        return new TaskNetwork(
                id,
                id,
                List.of(new TaskNetwork.Attachment("appnetwork", ip + "/24", List.of())),
                List.of(),
                gateway,
                new TaskNetwork.Names(List.of(servers), List.of(), List.of(), List.of()));
    }

    @Test
    void aServerThatFailsIsFollowedByTheNext() throws IOException {
        Files.writeString(hosts.resolvConf(), "nameserver " + Hosts.CLIENT + "\nnameserver " + Hosts.address(1) + "\n");
        try (DatagramChannel failing = serverIn(Hosts.client(), Hosts.CLIENT);
                DatagramChannel good = serverIn(Hosts.host(1), Hosts.address(1))) {
            answer(failing, "192.0.2.66", 2);
            answer(good, "192.0.2.7", 0);
            assertThat(resolve("example.org", A)).containsExactly("192.0.2.7");
            good.close();
            assertThat(resolve("example.org", A)).containsExactly("code 2");
        }
    }

    @Test
    void aTasksOwnServersMayBeServicesOfItsNetworks() throws IOException {
        client = new NetworkNamespace(
                first.attach(naming("asker", "10.0.1.20", true, VIP)).namespace());
        try (DatagramChannel one =
                        serverIn(new NetworkNamespace(hosts.runDirectory(1).resolve("netns/web.1")), "10.0.1.11");
                DatagramChannel two =
                        serverIn(new NetworkNamespace(hosts.runDirectory(2).resolve("netns/web.2")), "10.0.1.12")) {
            answer(one, "192.0.2.7", 0);
            answer(two, "192.0.2.7", 0);
            assertThat(resolve("tasks.example.org", A)).containsExactly("192.0.2.7");
        }
    }

    @Test
    void theHostsServersAreNoWayOutOfAnInternalNetwork() throws IOException {
        Files.writeString(hosts.resolvConf(), "nameserver " + Hosts.CLIENT + "\n");
        client = new NetworkNamespace(
                first.attach(naming("asker", "10.0.1.20", false)).namespace());
        try (DatagramChannel server = serverIn(Hosts.client(), Hosts.CLIENT)) {
            answer(server, "192.0.2.7", 0);
            assertThat(resolve("example.org", A)).containsExactly("code 2");
            assertThat(resolve("web", A)).containsExactly(VIP);
        }
    }

    @Test
    void aDetachedTaskLeavesNoNamespaceBehind() throws IOException {
        first.sweep(Set.of("web.1"));
        assertThat(hosts.runDirectory(1).resolve("netns").toFile().list()).containsExactly("web.1");
        assertThatThrownBy(() -> client.enter(() -> "")).isInstanceOf(IOException.class);
    }

    @Test
    void theFilesOfATaskNameItsResolverAndItself() throws IOException {
        Sandbox sandbox = first.attach(task("client", "10.0.1.20"));
        assertThat(sandbox.resolvConf()).isEqualTo("nameserver 127.0.0.11\noptions ndots:0\n");
        assertThat(sandbox.hosts()).contains("127.0.0.1\tlocalhost\n").endsWith("10.0.1.20\tclient\n");
        assertThat(sandbox.endpoints()).extracting(Sandbox.Endpoint::device).containsExactly("eth0", "eth1");
    }

    @Test
    void aTaskWithoutNetworksOfIpv6HasNoAddressOfItButOnLoopback() throws IOException {
        String addresses = client.enter(() -> Files.readString(Path.of("/proc/thread-self/net/if_inet6")));

        assertThat(addresses.lines()).singleElement().asString().endsWith(" lo");
    }

    private List<String> resolve(String name, int type) throws IOException {
        try (DatagramChannel channel = client.enter(() ->
                DatagramChannel.open(StandardProtocolFamily.INET).connect(new InetSocketAddress("127.0.0.11", 53)))) {
            channel.write(ByteBuffer.wrap(question(name, type)));
            channel.socket().setSoTimeout(10_000);
            DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
            channel.socket().receive(packet);
            return read(java.util.Arrays.copyOf(packet.getData(), packet.getLength()));
        }
    }

    private static byte[] question(String name, int type) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(77);
        out.writeShort(0x0100);
        out.writeShort(1);
        out.writeShort(0);
        out.writeInt(0);
        for (String label : name.split("\\.")) {
            out.writeByte(label.length());
            out.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeByte(0);
        out.writeShort(type);
        out.writeShort(1);
        return bytes.toByteArray();
    }

    private static List<String> read(byte[] answer) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(answer);
        int code = in.getShort(2) & 15;
        if (code != 0) {
            return List.of("code " + code);
        }
        int count = in.getShort(6);
        in.position(12);
        name(in);
        in.getInt();
        List<String> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            in.getShort();
            int type = in.getShort();
            in.position(in.position() + 6);
            byte[] data = new byte[in.getShort()];
            in.get(data);
            found.add(
                    type == PTR
                            ? name(ByteBuffer.wrap(data))
                            : InetAddress.getByAddress(data).getHostAddress());
        }
        return found;
    }

    private static String name(ByteBuffer in) {
        List<String> labels = new ArrayList<>();
        for (int length = in.get(); length > 0; length = in.get()) {
            byte[] label = new byte[length];
            in.get(label);
            labels.add(new String(label, StandardCharsets.US_ASCII));
        }
        return String.join(".", labels);
    }
}
