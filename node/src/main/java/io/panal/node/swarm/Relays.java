package io.panal.node.swarm;

import static java.lang.System.Logger.Level.INFO;

import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.node.link.ByteStream;
import io.panal.node.link.NodeSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Streams to nodes for a manager that does not lead: the leader, with which nodes have their sessions, passes them on.
final class Relays {
    /// What the leader opens to the manager that asked; its first message is the number that was asked with.
    static final String KIND = "relay";

    private static final System.Logger LOG = System.getLogger(Relays.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();

    /// What the leader is asked for.
    ///
    /// @param number by which the asker knows the stream again
    /// @param asker the manager that wants it
    /// @param request base 64
    record Order(String number, Id<Node> asker, Id<Node> node, String kind, String request) {}

    private record Waiting(BlockingQueue<ByteStream> arrived, CountDownLatch done) {}

    /// Opens a stream to a node by way of the leader.
    ByteStream open(ManagerSeat manager, Id<Node> self, Id<Node> node, String kind, byte[] request)
            throws IOException, InterruptedException {
        String number = Ids.fresh();
        Waiting place = new Waiting(new LinkedBlockingQueue<>(), new CountDownLatch(1));
        waiting.put(number, place);
        try {
            Order order =
                    new Order(number, self, node, kind, Base64.getEncoder().encodeToString(request));
            Optional<String> refusal = manager.relay(order, PATIENCE);
            if (refusal.isPresent()) {
                throw new IOException(refusal.get());
            }
            Optional<ByteStream> stream =
                    Optional.ofNullable(place.arrived().poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
            return new Handed(
                    stream.orElseThrow(() -> new IOException("node %s does not answer".formatted(node))), place.done());
        } finally {
            waiting.remove(number);
        }
    }

    /// The leader has opened a stream that this manager asked for; returns when it is read to its end.
    void arrived(byte[] number, ByteStream stream) throws InterruptedException {
        Waiting place = waiting.get(new String(number, StandardCharsets.UTF_8));
        if (place == null) {
            stream.abort("nobody waits for this stream any more");
            return;
        }
        place.arrived().add(stream);
        place.done().await();
    }

    /// Passes on what a node sends, on a thread of its own.
    static void carry(NodeSession from, NodeSession to, Order order) {
        Thread _ = Thread.ofVirtual().name("relay").start(() -> {
            byte[] request = Base64.getDecoder().decode(order.request());
            try (ByteStream sink = to.open(KIND, order.number().getBytes(StandardCharsets.UTF_8))) {
                carry(from, order.kind(), request, sink);
            } catch (IOException broken) {
                LOG.log(INFO, () -> "relay ended node=%s reason=%s".formatted(order.node(), broken.getMessage()));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /// @throws IOException the asker is told why, too
    private static void carry(NodeSession from, String kind, byte[] request, ByteStream sink)
            throws IOException, InterruptedException {
        try (ByteStream source = from.open(kind, request)) {
            for (Optional<byte[]> message = source.receive(); message.isPresent(); message = source.receive()) {
                sink.send(message.get());
            }
            sink.end();
            Optional<byte[]> _ = sink.receive();
        } catch (IOException broken) {
            sink.abort(String.valueOf(broken.getMessage()));
            throw broken;
        }
    }

    /// A stream whose opener's thread waits for its end.
    private record Handed(ByteStream stream, CountDownLatch done) implements ByteStream {
        @Override
        public Optional<byte[]> receive() throws IOException, InterruptedException {
            return stream.receive();
        }

        @Override
        public void send(byte[] message) throws IOException, InterruptedException {
            stream.send(message);
        }

        @Override
        public void end() {
            stream.end();
        }

        @Override
        public void abort(String why) {
            stream.abort(why);
            done.countDown();
        }

        @Override
        public void close() {
            stream.close();
            done.countDown();
        }
    }
}
