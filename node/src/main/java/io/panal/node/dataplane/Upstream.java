package io.panal.node.dataplane;

import io.panal.node.kernel.NetworkNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Name servers outside the cluster.
///
/// The host's own are asked from its namespace, where its stub resolver can be reached too; those that a task names
/// for itself from the task's, so that they may be services of its networks.
///
/// @param configuration the host's `resolv.conf`
/// @param silentUntil of servers that gave no answer lately, in the time of [System#nanoTime]: they are asked last
record Upstream(NetworkNamespace host, Path configuration, Map<Server, Long> silentUntil) {
    private static final int PORT = 53;
    private static final int PATIENCE_MILLIS = 2_000;
    private static final Duration SPARED = Duration.ofSeconds(10);
    private static final int LARGEST_BYTES = 65_535;

    /// @param address in IPv4 or IPv6
    /// @param from the namespace that it is asked from
    record Server(String address, NetworkNamespace from) {}

    Upstream(NetworkNamespace host, Path configuration) {
        this(host, configuration, new ConcurrentHashMap<>());
    }

    /// The host's own.
    List<Server> servers() {
        return values("nameserver").stream()
                .map(address -> new Server(address, host))
                .toList();
    }

    /// Passes a question on, to one server after the other until one neither fails nor refuses.
    ///
    /// @return empty when none answers
    Optional<ByteBuffer> ask(DnsMessage question, List<Server> servers, boolean datagram) {
        Optional<ByteBuffer> refused = Optional.empty();
        for (Server server : inOrder(servers)) {
            try {
                InetSocketAddress to = new InetSocketAddress(InetAddress.ofLiteral(server.address()), PORT);
                ByteBuffer answer = datagram ? askByDatagram(question, server, to) : askByStream(question, server, to);
                silentUntil.remove(server);
                if (!DnsMessage.isRefusal(answer)) {
                    return Optional.of(answer);
                }
                refused = Optional.of(answer);
            } catch (IOException | IllegalArgumentException unusable) {
                silentUntil.put(server, System.nanoTime() + SPARED.toNanos());
                Resolver.LOG.log(
                        System.Logger.Level.DEBUG,
                        () -> "name server gave no answer server=%s reason=%s".formatted(server.address(), unusable));
            }
        }
        return refused;
    }

    /// As they were given, but those that are silent last: a question does not wait for a dead server each time.
    private List<Server> inOrder(List<Server> servers) {
        long now = System.nanoTime();
        silentUntil.values().removeIf(until -> until - now <= 0);
        return servers.stream()
                .sorted(Comparator.comparing(silentUntil::containsKey))
                .toList();
    }

    private static ByteBuffer askByDatagram(DnsMessage question, Server server, InetSocketAddress to)
            throws IOException {
        try (DatagramChannel channel = server.from().enter(DatagramChannel::open)) {
            channel.connect(to);
            channel.write(question.asReceived());
            channel.socket().setSoTimeout(PATIENCE_MILLIS);
            DatagramPacket answer = new DatagramPacket(new byte[LARGEST_BYTES], LARGEST_BYTES);
            channel.socket().receive(answer);
            return question.checked(ByteBuffer.wrap(answer.getData(), 0, answer.getLength()));
        }
    }

    private static ByteBuffer askByStream(DnsMessage question, Server server, InetSocketAddress to) throws IOException {
        try (SocketChannel channel = server.from().enter(SocketChannel::open)) {
            channel.socket().connect(to, PATIENCE_MILLIS);
            channel.socket().setSoTimeout(PATIENCE_MILLIS);
            ByteBuffer asked = question.asReceived();
            ByteBuffer out = ByteBuffer.allocate(2 + asked.remaining());
            channel.socket()
                    .getOutputStream()
                    .write(out.putShort((short) asked.remaining()).put(asked).array());
            byte[] length = channel.socket().getInputStream().readNBytes(2);
            if (length.length < 2) {
                throw new IOException("closed without an answer");
            }
            int bytes = Short.toUnsignedInt(ByteBuffer.wrap(length).getShort());
            return question.checked(
                    ByteBuffer.wrap(channel.socket().getInputStream().readNBytes(bytes)));
        }
    }

    /// The words behind a keyword of the host's configuration, in order; none when there is no such file.
    List<String> values(String keyword) {
        try (Stream<String> lines = Files.lines(configuration)) {
            return lines.map(line -> line.strip().split("\\s+"))
                    .filter(words -> words[0].equals(keyword))
                    .flatMap(words -> Stream.of(words).skip(1))
                    .toList();
        } catch (IOException absent) {
            return List.of();
        }
    }
}
