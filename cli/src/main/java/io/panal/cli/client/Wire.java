package io.panal.cli.client;

import io.panal.machines.tls.Handshake;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.time.Duration;
import javax.net.ssl.SSLException;

/// An open connection as two streams.
///
/// @param closing closes the connection
record Wire(InputStream in, OutputStream out, AutoCloseable closing) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static Wire open(Endpoint endpoint) throws IOException {
        try {
            return endpoint.place() instanceof Endpoint.Place.Unix unix
                    ? unix(unix)
                    : tcp((Endpoint.Place.Tcp) endpoint.place(), endpoint);
        } catch (AccessDeniedException _) {
            throw new UnreachableException("permission denied while trying to connect to the Docker daemon socket at "
                    + endpoint.name() + ": run as root or as a member of the socket's group");
        } catch (SSLException insecure) {
            throw new UnreachableException("error during connect: " + endpoint.name() + ": " + insecure.getMessage());
        } catch (SocketException | UnknownHostException | SocketTimeoutException _) {
            throw new UnreachableException(
                    "Cannot connect to the Docker daemon at " + endpoint.name() + ". Is the docker daemon running?");
        }
    }

    private static Wire unix(Endpoint.Place.Unix unix) throws IOException {
        if (Files.exists(unix.path()) && !Files.isWritable(unix.path())) {
            throw new AccessDeniedException(unix.path().toString());
        }
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(unix.path()));
        } catch (IOException unreachable) {
            channel.close();
            throw unreachable;
        }
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel), 16_384);
        return new Wire(in, Channels.newOutputStream(channel), channel);
    }

    private static Wire tcp(Endpoint.Place.Tcp tcp, Endpoint endpoint) throws IOException {
        Socket socket = new Socket();
        try {
            if (endpoint.tls().isPresent()) {
                Handshake.prepare();
            }
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(tcp.host(), tcp.port()), (int) PATIENCE.toMillis());
            if (endpoint.tls().isPresent()) {
                socket = TlsSockets.over(socket, tcp, endpoint.tls().get());
            }
        } catch (IOException unreachable) {
            socket.close();
            throw unreachable;
        }
        return new Wire(new BufferedInputStream(socket.getInputStream(), 16_384), socket.getOutputStream(), socket);
    }
}
