package io.panal.images;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A network that fails: passes bytes on to a server, and cuts connections after some.
public final class Relay implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final InetSocketAddress target;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger cuts;
    private final int after;

    /// @param cuts how many connections are cut in all
    /// @param after bytes in either direction; a cut connection passes no more
    public Relay(InetSocketAddress target, int cuts, int after) throws IOException {
        this.target = target;
        this.cuts = new AtomicInteger(cuts);
        this.after = after;
        Thread.ofPlatform().daemon().start(this::accept);
    }

    public String host() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    /// How many cuts are still to come.
    public int left() {
        return Math.max(0, cuts.get());
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Socket server = new Socket(target.getAddress(), target.getPort());
                open.addAll(List.of(client, server));
                Thread.ofPlatform().daemon().start(() -> pump(client, server));
                Thread.ofPlatform().daemon().start(() -> pump(server, client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void pump(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[16 << 10];
            int passed = 0;
            for (int count; (count = in.read(bytes)) >= 0; ) {
                out.write(bytes, 0, count);
                passed += count;
                if (passed > after && cuts.getAndDecrement() > 0) {
                    return;
                }
            }
        } catch (IOException cut) {
            // The other direction closed it.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
