package io.panal.node.link;

import io.grpc.ManagedChannel;
import io.panal.node.identity.Identity;
import io.panal.node.time.Deadline;
import io.panal.node.time.Stopwatch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A node's link to the leader: it finds a manager, follows it to the leader, and begins again when the session
/// ends.
public final class NodeLink implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(NodeLink.class.getName());
    private static final Duration SILENCE = Duration.ofSeconds(5);
    private static final int JUMPS_MAX = 3;

    private final Identity identity;
    private final Supplier<List<String>> managers;
    private final UnaryOperator<String> way;
    private final NodeServices services;
    private final Runnable renewed = this::identityChanged;
    private final Executor threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("node-link-", 0).factory());
    private final Thread thread;
    private final Map<String, Deadline> silent = new HashMap<>();
    private volatile boolean closed;
    private volatile @Nullable ClientStream session;

    /// @param managers every manager's `host:port` known at the moment
    /// @param way where a manager of such an address is dialled from here
    public NodeLink(
            Identity identity, Supplier<List<String>> managers, UnaryOperator<String> way, NodeServices services) {
        this.identity = identity;
        this.managers = managers;
        this.way = way;
        this.services = services;
        thread = Thread.ofVirtual().name("node-link").unstarted(this::run);
    }

    /// Begins to look for a manager.
    public void start() {
        identity.watch(renewed);
        thread.start();
    }

    /// Sends a message to the manager, waiting while it does not read; false when there is no session now.
    public boolean send(byte[] message) throws InterruptedException {
        ClientStream current = session;
        if (current == null) {
            return false;
        }
        try {
            current.send(message);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// Ends the session and looks for a manager anew.
    public void reconnect(String why) {
        ClientStream current = session;
        if (current != null) {
            current.abort(why);
        }
    }

    private void identityChanged() {
        reconnect("this node has a new certificate");
    }

    @Override
    public void close() {
        closed = true;
        identity.unwatch(renewed);
        reconnect("this node closes its link");
        thread.interrupt();
    }

    private void run() {
        Patience patience = new Patience();
        while (!closed) {
            Duration lasted = Duration.ZERO;
            Optional<String> next = any();
            for (int jump = 0; jump < JUMPS_MAX && next.isPresent() && !closed; jump++) {
                Outcome outcome = attempt(next.get());
                lasted = lasted.plus(outcome.lasted());
                next = outcome.elsewhere();
            }
            LockSupport.parkNanos((long) (patience.after(lasted).toNanos()
                    * (0.5 + ThreadLocalRandom.current().nextDouble())));
        }
    }

    // A manager that did not answer a moment ago is asked last.
    private Optional<String> any() {
        var known = new ArrayList<>(managers.get());
        silent.keySet().retainAll(known);
        Collections.shuffle(known);
        return known.stream().min(Comparator.comparing(this::isSilent));
    }

    private boolean isSilent(String address) {
        Deadline asked = silent.get(address);
        return asked != null && !asked.isOver();
    }

    /// What came of one try.
    ///
    /// @param lasted how long its session was open, nothing when none was accepted
    private record Outcome(Duration lasted, Optional<String> elsewhere) {}

    private Outcome attempt(String address) {
        ManagedChannel channel = Dialing.channel(way.apply(address), identity);
        ClientStream stream = Dialing.stream(channel, Wire.SESSION);
        try (stream) {
            return serve(channel, stream, address);
        } finally {
            channel.shutdownNow();
        }
    }

    private Outcome serve(ManagedChannel channel, ClientStream stream, String address) {
        boolean connected = false;
        Stopwatch since = Stopwatch.started();
        String why = "the manager ended the session";
        Optional<String> elsewhere = Optional.empty();
        try {
            Optional<byte[]> received = stream.receive();
            while (received.isPresent() && !closed) {
                switch (Frame.decode(received.get())) {
                    case Frame.Welcome _ -> {
                        connected = true;
                        since = Stopwatch.started();
                        session = stream;
                        services.connected(address);
                    }
                    case Frame.Message message -> services.message(message.content());
                    case Frame.Open open -> threads.execute(() -> answer(channel, open));
                    case Frame.GoTo goTo -> {
                        why = goTo.why();
                        elsewhere = goTo.address().isEmpty() ? Optional.empty() : Optional.of(goTo.address());
                    }
                }
                received = stream.receive();
            }
        } catch (IOException e) {
            why = String.valueOf(e.getMessage());
        } catch (InterruptedException _) {
            why = "this node closes its link";
        } catch (RuntimeException notUnderstood) {
            why = "a message of the manager was not understood: " + notUnderstood;
        }
        session = null;
        if (connected || elsewhere.isPresent()) {
            silent.remove(address);
        } else {
            silent.put(address, Deadline.after(SILENCE));
        }
        if (connected) {
            services.disconnected(why);
        }
        return new Outcome(connected ? since.elapsed() : Duration.ZERO, elsewhere);
    }

    private void answer(ManagedChannel channel, Frame.Open open) {
        try (ClientStream stream = Dialing.stream(channel, Wire.STREAM)) {
            stream.send(Wire.bytes(out -> Wire.writeText(out, open.stream())));
            Optional<byte[]> request = stream.receive();
            if (request.isPresent()) {
                services.streamOpened(open.kind(), request.get(), stream);
                awaitPeer(stream);
            }
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    () -> "stream not opened kind=%s why=%s".formatted(open.kind(), e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    // Closing a stream whose other side has not ended cancels the call, and what is still on its way is lost.
    private static void awaitPeer(ClientStream stream) throws IOException, InterruptedException {
        stream.end();
        Optional<byte[]> unread = stream.receive();
        while (unread.isPresent()) {
            unread = stream.receive();
        }
    }
}
