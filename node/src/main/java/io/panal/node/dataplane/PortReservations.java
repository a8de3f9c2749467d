package io.panal.node.dataplane;

import io.panal.node.kernel.NetworkNamespace;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Ports of this node that are held so that nobody else takes them, and so that a port in use is noticed.
///
/// On IPv4 the kernel redirects before a packet reaches these sockets. On IPv6 a TCP client does reach them: its bytes
/// are carried to the same port on 127.0.0.1, as `localhost` often means `[::1]`.
final class PortReservations implements Closeable {
    private static final System.Logger LOG = System.getLogger(PortReservations.class.getName());
    private static final int BUFFER_BYTES = 32 << 10;

    private final NetworkNamespace host;
    private final Map<HostPortKey, Closeable> held = new TreeMap<>();

    PortReservations(NetworkNamespace host) {
        this.host = host;
    }

    /// Holds a port; one that is held already is fine.
    void reserve(HostPortKey port) throws IOException {
        if (held.containsKey(port)) {
            return;
        }
        try {
            held.put(port, host.enter(() -> open(port)));
        } catch (BindException taken) {
            boolean foreign = String.valueOf(taken.getMessage()).contains("assign requested address");
            PortTakenException clear = foreign ? PortTakenException.noSuchAddress(port) : new PortTakenException(port);
            clear.initCause(taken);
            throw clear;
        }
    }

    boolean holds(HostPortKey port) {
        return held.containsKey(port);
    }

    /// Lets go of all ports but these.
    void keep(Set<HostPortKey> wanted) throws IOException {
        Set<HostPortKey> gone = new TreeSet<>(held.keySet());
        gone.removeAll(wanted);
        for (HostPortKey port : gone) {
            release(port);
        }
    }

    void release(HostPortKey port) throws IOException {
        Closeable socket = held.remove(port);
        if (socket != null) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        keep(Set.of());
    }

    private Closeable open(HostPortKey port) throws IOException {
        return switch (port.protocol()) {
            case UDP -> {
                DatagramChannel channel = DatagramChannel.open();
                yield bound(channel, () -> channel.bind(place(port)));
            }
            case TCP -> {
                ServerSocketChannel channel = ServerSocketChannel.open();
                bound(channel, () -> channel.bind(place(port)));
                Thread server = Thread.ofVirtual().name("port-" + port.port()).start(() -> serve(channel, port.port()));
                yield () -> {
                    channel.close();
                    // The port is free only when the thread has left `accept`.
                    joined(server);
                };
            }
        };
    }

    private static InetSocketAddress place(HostPortKey port) {
        return port.isOfOneAddress()
                ? new InetSocketAddress(InetAddress.ofLiteral(port.address()), port.port())
                : new InetSocketAddress(port.port());
    }

    private static void joined(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @FunctionalInterface
    private interface Binding {
        Object bind() throws IOException;
    }

    private static Closeable bound(Closeable channel, Binding binding) throws IOException {
        try {
            binding.bind();
            return channel;
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
    }

    private void serve(ServerSocketChannel channel, int port) {
        while (channel.isOpen()) {
            try {
                SocketChannel client = channel.accept();
                Thread.ofVirtual().name("port-" + port + "-client").start(() -> carry(client, port));
            } catch (ClosedChannelException released) {
                return;
            } catch (IOException failure) {
                LOG.log(Level.WARNING, () -> "connection not accepted port=%d reason=%s".formatted(port, failure));
            }
        }
    }

    private void carry(SocketChannel client, int port) {
        try (client) {
            // An IPv4 client is only here while its port leads nowhere, and would be sent round in a circle.
            if (client.getRemoteAddress() instanceof InetSocketAddress from
                    && from.getAddress() instanceof Inet6Address) {
                InetSocketAddress mesh = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
                try (SocketChannel task = host.enter(() -> SocketChannel.open(mesh))) {
                    Thread answers = Thread.ofVirtual().start(() -> copy(task, client));
                    copy(client, task);
                    joined(answers);
                }
            }
        } catch (IOException failure) {
            LOG.log(Level.DEBUG, () -> "connection ended port=%d reason=%s".formatted(port, failure));
        }
    }

    private static void copy(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        try {
            while (from.read(buffer.clear()) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
            }
            to.shutdownOutput();
        } catch (IOException failure) {
            // One direction broke: the other has nobody to talk to.
            LOG.log(Level.DEBUG, () -> "connection broke reason=%s".formatted(failure));
            shut(from);
            shut(to);
        }
    }

    private static void shut(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException failure) {
            LOG.log(Level.DEBUG, () -> "connection not closed reason=%s".formatted(failure));
        }
    }
}
