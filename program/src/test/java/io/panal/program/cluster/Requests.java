package io.panal.program.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Clients that ask without a pause, each time on a new connection, until they are closed; what fails is kept.
final class Requests implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 5000;
    private static final byte[] REQUEST = "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final AtomicLong made = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean isOver;

    private Requests() {}

    /// @param servers one client asks each
    static Requests to(List<InetSocketAddress> servers) {
        Requests requests = new Requests();
        for (InetSocketAddress server : servers) {
            requests.clients.add(Thread.ofVirtual().start(() -> requests.ask(server)));
        }
        return requests;
    }

    private void ask(InetSocketAddress server) {
        while (!isOver) {
            made.incrementAndGet();
            try (Socket socket = new Socket()) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.connect(server, PATIENCE_MILLIS);
                socket.getOutputStream().write(REQUEST);
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (!answer.startsWith("HTTP/1.1 200 ")) {
                    failures.add(
                            "%s answered %s".formatted(server, answer.lines().findFirst()));
                }
            } catch (IOException failed) {
                failures.add("%s: %s".formatted(server, failed));
            }
        }
    }

    long made() {
        return made.get();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /// Lets each client end its last request.
    @Override
    public void close() throws InterruptedException {
        isOver = true;
        for (Thread client : clients) {
            client.join();
        }
    }
}
