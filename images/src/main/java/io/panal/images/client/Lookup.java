package io.panal.images.client;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Names to addresses, within a bounded time and with the texts of docker's resolver.
final class Lookup {
    private static final Duration PATIENCE = Duration.ofSeconds(6);
    private static final int PROBE_MILLIS = 400;

    private Lookup() {}

    /// The addresses of a host, which may be written as an address.
    ///
    /// @throws RegistryException `dial tcp: lookup HOST on SERVER:53: why`
    static List<InetAddress> addresses(String host) throws RegistryException, InterruptedException {
        // The system's resolver blocks in native code: a platform thread, so that no carrier is held.
        FutureTask<InetAddress[]> question = new FutureTask<>(() -> InetAddress.getAllByName(host));
        Thread.ofPlatform().daemon().name("lookup " + host).start(question);
        try {
            return List.of(question.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException late) {
            throw failed(host, "i/o timeout");
        } catch (ExecutionException failure) {
            String said = String.valueOf(failure.getCause());
            boolean isFinal = failure.getCause() instanceof UnknownHostException && !said.contains("Temporary failure");
            throw failed(host, isFinal ? "no such host" : reason());
        }
    }

    /// Whether the address is of this host or of a network that is never routed publicly.
    static boolean isPrivate(InetAddress address) {
        boolean isUniqueLocal = address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc;
        return address.isLoopbackAddress() || address.isSiteLocalAddress() || isUniqueLocal;
    }

    /// Whether a host is written as such an address; a name is not looked up.
    static boolean isPrivate(String host) {
        try {
            return isPrivate(InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")));
        } catch (IllegalArgumentException name) {
            return false;
        }
    }

    private static RegistryException failed(String host, String reason) {
        return RegistryException.unreachable("dial tcp: lookup %s on %s:53: %s".formatted(host, server(), reason));
    }

    /// Asks the name server for the root once, only to say what is wrong with it.
    private static String reason() {
        byte[] question = {0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1};
        try (DatagramSocket socket = new DatagramSocket()) {
            InetSocketAddress to = new InetSocketAddress(InetAddress.getByName(server()), 53);
            socket.connect(to);
            socket.setSoTimeout(PROBE_MILLIS);
            String route = "read udp %s:%d->%s:53: "
                    .formatted(socket.getLocalAddress().getHostAddress(), socket.getLocalPort(), server());
            try {
                socket.send(new DatagramPacket(question, question.length));
                socket.receive(new DatagramPacket(new byte[512], 512));
                return "server misbehaving";
            } catch (PortUnreachableException refused) {
                return route + "read: connection refused";
            } catch (SocketTimeoutException late) {
                return route + "i/o timeout";
            }
        } catch (IOException unusable) {
            return "dial udp %s:53: connect: network is unreachable".formatted(server());
        }
    }

    private static String server() {
        try {
            return Files.readAllLines(Path.of("/etc/resolv.conf"), StandardCharsets.UTF_8).stream()
                    .map(line -> line.trim().split("\\s+"))
                    .filter(words -> words.length > 1 && words[0].equals("nameserver"))
                    .map(words -> words[1])
                    .findFirst()
                    .orElse("127.0.0.1");
        } catch (IOException none) {
            // Without the file, the C library asks this host itself.
            return "127.0.0.1";
        }
    }
}
