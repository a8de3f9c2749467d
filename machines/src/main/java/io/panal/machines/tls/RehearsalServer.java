package io.panal.machines.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;

/// Answers on the loopback as an engine does, with a machine's certificates.
public final class RehearsalServer implements AutoCloseable {
    private final SSLServerSocket socket;
    private final Conversation conversation;

    private RehearsalServer(SSLServerSocket socket, Conversation conversation) {
        this.socket = socket;
        this.conversation = conversation;
    }

    /// What is said on a connection, from its beginning to its end.
    @FunctionalInterface
    public interface Conversation {
        void with(InputStream in, OutputStream out) throws IOException;
    }

    /// One that answers the first request and ends.
    ///
    /// @param certificates a directory as [Authority#certify] leaves it
    public static RehearsalServer start(Path certificates) throws IOException {
        return start(certificates, (in, out) -> {
            in.readNBytes(16);
            out.write("HTTP/1.0 200 OK\r\n\r\nOK".getBytes(StandardCharsets.US_ASCII));
        });
    }

    /// @param certificates a directory as [Authority#certify] leaves it
    public static RehearsalServer start(Path certificates, Conversation conversation) throws IOException {
        SSLServerSocketFactory factory =
                Contexts.of(certificates, "server.pem", "server-key.pem").getServerSocketFactory();
        var socket = (SSLServerSocket) factory.createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        socket.setNeedClientAuth(true);
        var server = new RehearsalServer(socket, conversation);
        Thread.ofPlatform().daemon().start(server::answer);
        return server;
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }

    private void answer() {
        try (var client = socket.accept()) {
            conversation.with(client.getInputStream(), client.getOutputStream());
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
