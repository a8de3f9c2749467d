package io.panal.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.node.kernel.NetworkNamespace;
import io.panal.node.kernel.Tap;
import io.panal.node.sealing.Keys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two hosts with a task each in an encrypted overlay, on real kernels; the test listens on the wire between them.
class EncryptedOverlayTest {
    private static final int SEALING_PORT = 4790;
    private static final int TUNNEL_PORT = 4789;
    private static final int PORT_OFFSET = 36;
    private static final int NUMBER_OFFSET = 42 + 16;
    private static final Duration WITHIN = Duration.ofSeconds(20);

    private Hosts hosts;
    private Dataplane first;
    private Dataplane second;

    @BeforeEach
    void startHosts() throws IOException {
        hosts = new Hosts(2);
        first = hosts.dataplane(1);
        second = hosts.dataplane(2);
        assertThat(first.apply(state(1, keys(1)))).isEmpty();
        assertThat(second.apply(state(2, keys(1)))).isEmpty();
        var _ = first.attach(task(1));
        Sandbox server = second.attach(task(2));
        hosts.serve(new NetworkNamespace(server.namespace()), "server", 80);
    }

    @AfterEach
    void stopHosts() throws Exception {
        hosts.close();
    }

    /// As the managers rotate: with `present` is sealed, the one before and the one after open too.
    private static Keys keys(int present) {
        TreeMap<Integer, byte[]> secrets = new TreeMap<>();
        for (int generation = Math.max(1, present - 1); generation <= present + 1; generation++) {
            secrets.put(
                    generation,
                    ("the secret of generation %6d".formatted(generation)).getBytes(StandardCharsets.UTF_8));
        }
        return new Keys(present, secrets);
    }

    private static NetworkState state(int host, Keys keys) {
        Overlay overlay = new Overlay(
                "safenetwork",
                "safe",
                4098,
                List.of(new Overlay.Subnet("10.0.9.0/24", "10.0.9.1")),
                0,
                false,
                false,
                Optional.empty(),
                Optional.of(keys),
                List.of(new Overlay.Peer("10.0.9.1" + (3 - host), Hosts.address(3 - host))),
                List.of(),
                List.of());
        return new NetworkState(Hosts.address(host), TUNNEL_PORT, List.of(overlay));
    }

    private static TaskNetwork task(int host) {
        return new TaskNetwork(
                "task" + host,
                "task" + host,
                List.of(new TaskNetwork.Attachment("safenetwork", "10.0.9.1" + host + "/24", List.of())),
                List.of(),
                true,
                TaskNetwork.Names.NONE);
    }

    private NetworkNamespace client() {
        return new NetworkNamespace(hosts.runDirectory(1).resolve("netns/task1"));
    }

    /// Sends datagrams of readable content, one after another, and hears the server's answers.
    private void ask(int count, int bytes) throws IOException {
        byte[] content = "Pages ".repeat(bytes / 6 + 1).substring(0, bytes).getBytes(StandardCharsets.UTF_8);
        try (DatagramChannel channel = client().enter(() ->
                DatagramChannel.open(StandardProtocolFamily.INET).connect(new InetSocketAddress("10.0.9.12", 80)))) {
            channel.socket().setSoTimeout((int) WITHIN.toMillis());
            for (int i = 0; i < count; i++) {
                channel.write(ByteBuffer.wrap(content));
                DatagramPacket answer = new DatagramPacket(new byte[200], 200);
                channel.socket().receive(answer);
                assertThat(new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8))
                        .isEqualTo("server 10.0.9.11");
            }
        }
    }

    private void awaitAnswer(SocketChannel connection) throws IOException {
        Instant deadline = Instant.now().plus(WITHIN);
        String answer = "";
        while (!answer.startsWith("server")) {
            assertThat(Instant.now()).as("an answer on the connection").isBefore(deadline);
            try {
                answer = Hosts.ask(connection);
            } catch (SocketTimeoutException _) {
                answer = "";
            }
        }
    }

    /// What was on the wire since the last call, IPv4 packets with UDP to a port.
    private static List<byte[]> heard(Tap wire, int port) throws IOException {
        List<byte[]> heard = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment frame = arena.allocate(65536);
            for (int length = wire.read(frame); length >= 0; length = wire.read(frame)) {
                byte[] bytes = frame.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
                boolean isUdp = length > PORT_OFFSET + 2 && bytes[12] == 8 && bytes[13] == 0 && bytes[23] == 17;
                if (isUdp && ((bytes[PORT_OFFSET] & 0xff) << 8 | bytes[PORT_OFFSET + 1] & 0xff) == port) {
                    heard.add(bytes);
                }
            }
        }
        return heard;
    }

    private static void say(Tap wire, byte[] frame) {
        try (Arena arena = Arena.ofConfined()) {
            wire.write(arena.allocateFrom(ValueLayout.JAVA_BYTE, frame), frame.length);
        }
    }

    /// How many datagrams have come to the server.
    private long serverHears() {
        String counts =
                Hosts.run("nsenter", "--net=" + hosts.runDirectory(2).resolve("netns/task2"), "cat", "/proc/net/snmp");
        return Long.parseLong(counts.lines()
                .filter(line -> line.startsWith("Udp: ") && Character.isDigit(line.charAt(5)))
                .findFirst()
                .orElseThrow()
                .split(" ")[1]);
    }

    @Test
    void nothingThatCanBeReadIsOnTheWire() throws IOException {
        Tap wire = hosts.wiretap();
        heard(wire, SEALING_PORT);
        ask(3, 1300);
        ask(1, 4000);

        List<byte[]> sealed = heard(wire, SEALING_PORT);
        assertThat(hosts.fetch(client(), "10.0.9.12", 80)).isEqualTo("server 10.0.9.11");
        assertThat(sealed).hasSizeGreaterThanOrEqualTo(10);
        assertThat(sealed).noneMatch(frame -> {
            String text = new String(frame, StandardCharsets.ISO_8859_1);
            return text.contains("Pages") || text.contains("server");
        });
        assertThat(heard(wire, TUNNEL_PORT)).isEmpty();
        assertThat(Hosts.in(1, "ip", "link")).doesNotContain("vx0");
        assertThat(Hosts.run("nsenter", "--net=" + client().path(), "ip", "link", "show", "eth0"))
                .contains("mtu 1418");
    }

    @Test
    void packetsThatAreRepeatedOrChangedAreNotLetIn() throws IOException {
        Tap wire = hosts.wiretap();
        ask(1, 100);
        heard(wire, SEALING_PORT);
        ask(5, 100);
        List<byte[]> sealed = heard(wire, SEALING_PORT);
        assertThat(sealed).hasSizeGreaterThanOrEqualTo(10);
        assertThat(serverHears()).isEqualTo(6);

        for (byte[] frame : sealed) {
            say(wire, frame);
            byte[] changed = frame.clone();
            changed[changed.length - 20] ^= 1;
            say(wire, changed);
            byte[] later = frame.clone();
            later[NUMBER_OFFSET + 6] ^= 1;
            say(wire, later);
        }
        ask(1, 100);
        assertThat(serverHears()).isEqualTo(7);

        second.close();
        second = hosts.dataplane(2);
        assertThat(second.apply(state(2, keys(1)))).isEmpty();
        assertThat(hosts.fetch(client(), "10.0.9.12", 80)).isEqualTo("server 10.0.9.11");
        sealed.forEach(frame -> say(wire, frame));
        ask(1, 100);
        assertThat(serverHears()).as("also after a new start").isEqualTo(8);
    }

    @Test
    void aNodeWithOtherKeysHearsNothing() throws IOException {
        Keys others = new Keys(1, new TreeMap<>(Map.of(1, new byte[32], 2, new byte[32])));
        second.close();
        second = hosts.dataplane(2);
        assertThat(second.apply(state(2, others))).isEmpty();

        assertThatThrownBy(() -> hosts.fetch(client(), "10.0.9.12", 80)).isInstanceOf(IOException.class);
        assertThat(serverHears()).isZero();
    }

    @Test
    void connectionsGoOnWhileTheKeysRotate() throws IOException {
        SocketChannel connection = hosts.connect(client(), "10.0.9.12", 80);
        for (int present = 2; present < 12; present++) {
            assertThat(first.apply(state(1, keys(present)))).isEmpty();
            awaitAnswer(connection);
            assertThat(second.apply(state(2, keys(present)))).isEmpty();
            awaitAnswer(connection);
        }
        assertThat(hosts.fetch(client(), "10.0.9.12", 80)).isEqualTo("server 10.0.9.11");
    }

    @Test
    void aConnectionOutlivesNewStartsOfBothDaemonsAndPacketsThatAreLost() throws IOException {
        SocketChannel connection = hosts.connect(client(), "10.0.9.12", 80);
        awaitAnswer(connection);
        for (int host = 1; host <= 2; host++) {
            Hosts.in(
                    host,
                    "nft",
                    "add table inet loss; add chain inet loss in { type filter hook input priority 0; };"
                            + " add rule inet loss in udp dport 4790 numgen random mod 100 < 5 drop");
        }
        IntStream.range(0, 40).forEach(_ -> {
            try {
                awaitAnswer(connection);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        });
        first.close();
        first = hosts.dataplane(1);
        assertThat(first.apply(state(1, keys(1)))).isEmpty();
        awaitAnswer(connection);
        second.close();
        second = hosts.dataplane(2);
        assertThat(second.apply(state(2, keys(1)))).isEmpty();
        awaitAnswer(connection);
    }

    @Test
    void whatAnotherProgramBrokeIsMended() throws IOException {
        assertThat(hosts.fetch(client(), "10.0.9.12", 80)).isEqualTo("server 10.0.9.11");
        String overlay = "--net=" + hosts.runDirectory(1).resolve("network/overlays/4098-safenetwork");
        Hosts.run("nsenter", overlay, "ip", "link", "del", "vx0");
        assertThat(first.examine(true)).isNotEmpty();

        assertThat(hosts.fetch(client(), "10.0.9.12", 80)).isEqualTo("server 10.0.9.11");
        assertThat(first.examine(false)).isEmpty();
    }

    @Test
    void aNodeThatCannotEncryptRefusesTheTaskAndSaysWhy() throws IOException {
        first.clear();
        hosts.serve(Hosts.host(1), "other", SEALING_PORT);
        assertThat(first.apply(state(1, keys(1)))).singleElement().asString().contains("UDP port 4790");

        assertThatThrownBy(() -> first.attach(task(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("network safe is not usable on this node")
                .hasMessageContaining("UDP port 4790");
    }

    @Test
    void aNodeWithoutEncryptedNetworksHasNoThreadForThem() throws IOException {
        assertThat(sealingThreads()).isEqualTo(2);
        first.clear();
        second.clear();
        assertThat(sealingThreads()).isZero();
    }

    private static long sealingThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("sealing"))
                .count();
    }
}
