package io.panal.node.link;

import io.panal.node.identity.NodeName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/// The open sessions of a manager, and the streams its nodes were asked to open.
final class Sessions {
    private static final int OPEN_SECONDS = 10;

    private final ManagerServices services;
    private final Set<Session> open = ConcurrentHashMap.newKeySet();
    private final Map<String, Awaited> awaited = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private record Awaited(String nodeId, CompletableFuture<ByteStream> stream) {}

    Sessions(ManagerServices services, Executor threads) {
        this.services = services;
    }

    /// Serves one session to its end, on the session's own thread.
    void run(NodeName peer, String remoteAddress, ServerStream stream) {
        var session = new Session(peer, remoteAddress, stream);
        open.add(session);
        String why = "the node ended it";
        boolean accepted = false;
        try (stream) {
            accepted = received(session);
            while (accepted) {
                Optional<byte[]> message = stream.receive();
                if (message.isEmpty()) {
                    break;
                }
                services.sessionMessage(session, message.get());
            }
        } catch (IOException e) {
            why = String.valueOf(e.getMessage());
        } catch (InterruptedException _) {
            why = "this manager stops";
        } finally {
            open.remove(session);
            if (accepted) {
                services.sessionClosed(session, why);
            }
        }
    }

    private boolean received(Session session) {
        if (closed) {
            session.say(new Frame.GoTo("", "this manager stops"));
            return false;
        }
        return switch (services.sessionOpened(session)) {
            case ManagerServices.Reception.Accepted _ -> {
                session.welcome();
                yield true;
            }
            case ManagerServices.Reception.Elsewhere(String address) -> {
                session.say(new Frame.GoTo(address, "that manager leads"));
                yield false;
            }
            case ManagerServices.Reception.Refused(String why) -> {
                session.say(new Frame.GoTo("", why));
                yield false;
            }
        };
    }

    /// A node has opened a stream it was asked for; its first message is the stream's number.
    void answered(NodeName peer, ServerStream stream) {
        try {
            String number = Wire.readText(Wire.reader(stream.receive().orElse(new byte[0])));
            Awaited waiting = awaited.remove(number);
            if (waiting == null || !waiting.nodeId().equals(peer.nodeId())) {
                stream.abort("nobody waits for this stream");
            } else if (!waiting.stream().complete(stream)) {
                stream.abort("too late");
            }
        } catch (IOException e) {
            stream.abort("not a stream: " + e.getMessage());
        } catch (InterruptedException _) {
            stream.abort("this manager stops");
        }
    }

    void close(String why) {
        closed = true;
        open.forEach(session -> session.close(why));
    }

    private final class Session implements NodeSession {
        private final NodeName peer;
        private final String remoteAddress;
        private final ServerStream stream;
        private final ReentrantLock held = new ReentrantLock();
        private final List<Frame> early = new ArrayList<>();
        private boolean welcomed;

        Session(NodeName peer, String remoteAddress, ServerStream stream) {
            this.peer = peer;
            this.remoteAddress = remoteAddress;
            this.stream = stream;
        }

        @Override
        public NodeName peer() {
            return peer;
        }

        @Override
        public String remoteAddress() {
            return remoteAddress;
        }

        @Override
        public boolean send(byte[] message) {
            return sayOnceWelcome(new Frame.Message(message));
        }

        // The welcome goes first; what the manager has sent while it was told of the session follows.
        void welcome() {
            held.lock();
            try {
                boolean _ = say(new Frame.Welcome());
                early.forEach(this::say);
                early.clear();
                welcomed = true;
            } finally {
                held.unlock();
            }
        }

        private boolean sayOnceWelcome(Frame frame) {
            held.lock();
            try {
                return welcomed ? say(frame) : early.add(frame);
            } finally {
                held.unlock();
            }
        }

        boolean say(Frame frame) {
            return stream.offer(frame.encoded());
        }

        @Override
        public ByteStream open(String kind, byte[] request) throws IOException, InterruptedException {
            String number = UUID.randomUUID().toString();
            var future = new CompletableFuture<ByteStream>();
            awaited.put(number, new Awaited(peer.nodeId(), future));
            try {
                if (!sayOnceWelcome(new Frame.Open(number, kind))) {
                    throw new IOException("node " + peer.nodeId() + " is not connected");
                }
                ByteStream answered = future.get(OPEN_SECONDS, TimeUnit.SECONDS);
                answered.send(request);
                return answered;
            } catch (TimeoutException _) {
                future.cancel(false);
                throw new IOException("node " + peer.nodeId() + " has not answered for " + OPEN_SECONDS + " s");
            } catch (ExecutionException e) {
                throw new IllegalStateException("a stream is answered or awaited in vain", e);
            } finally {
                awaited.remove(number);
            }
        }

        @Override
        public void close(String why) {
            say(new Frame.GoTo("", why));
            stream.close();
        }
    }
}
