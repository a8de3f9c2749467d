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
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Name servers outside the cluster, asked from the host's namespace, where its own stub resolver can be reached too.
///
/// @param configuration the host's `resolv.conf`
record Upstream(NetworkNamespace host, Path configuration) {
    private static final int PORT = 53;
    private static final int PATIENCE_MILLIS = 2_000;
    private static final int LARGEST_BYTES = 65_535;

    /// Passes a question on, to one server after the other.
    ///
    /// @param servers empty for the host's own
    /// @return empty when none answers
    Optional<ByteBuffer> ask(DnsMessage question, List<String> servers, boolean datagram) {
        for (String server : servers.isEmpty() ? values("nameserver") : servers) {
            try {
                InetSocketAddress to = new InetSocketAddress(InetAddress.ofLiteral(server), PORT);
                return Optional.of(datagram ? askByDatagram(question, to) : askByStream(question, to));
            } catch (IOException | IllegalArgumentException unusable) {
                Resolver.LOG.log(
                        System.Logger.Level.DEBUG,
                        () -> "name server gave no answer server=%s reason=%s".formatted(server, unusable));
            }
        }
        return Optional.empty();
    }

    private ByteBuffer askByDatagram(DnsMessage question, InetSocketAddress to) throws IOException {
        try (DatagramChannel channel = host.enter(DatagramChannel::open)) {
            channel.connect(to);
            channel.write(question.asReceived());
            channel.socket().setSoTimeout(PATIENCE_MILLIS);
            DatagramPacket answer = new DatagramPacket(new byte[LARGEST_BYTES], LARGEST_BYTES);
            channel.socket().receive(answer);
            return question.checked(ByteBuffer.wrap(answer.getData(), 0, answer.getLength()));
        }
    }

    private ByteBuffer askByStream(DnsMessage question, InetSocketAddress to) throws IOException {
        try (SocketChannel channel = host.enter(SocketChannel::open)) {
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
