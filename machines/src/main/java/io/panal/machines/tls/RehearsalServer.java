package io.panal.machines.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;

/// Answers one question on the loopback as an engine does, with a machine's certificates.
public final class RehearsalServer implements AutoCloseable {
    private final SSLServerSocket socket;

    private RehearsalServer(SSLServerSocket socket) {
        this.socket = socket;
    }

    /// @param certificates a directory as [Authority#certify] leaves it
    public static RehearsalServer start(Path certificates) throws IOException {
        SSLServerSocketFactory factory =
                Contexts.of(certificates, "server.pem", "server-key.pem").getServerSocketFactory();
        var socket = (SSLServerSocket) factory.createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        socket.setNeedClientAuth(true);
        var server = new RehearsalServer(socket);
        Thread.ofPlatform().daemon().start(server::answer);
        return server;
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }

    private void answer() {
        try (var client = socket.accept()) {
            client.getInputStream().readNBytes(16);
            client.getOutputStream().write("HTTP/1.0 200 OK\r\n\r\nOK".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException refused) {
            // The client says what is wrong.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
