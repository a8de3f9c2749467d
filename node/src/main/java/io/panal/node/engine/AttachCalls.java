package io.panal.node.engine;

import io.panal.node.containers.Attachment;
import io.panal.node.containers.Container;
import io.panal.node.containers.ContainerState;
import io.panal.node.containers.Containers;
import io.panal.node.containers.LogQuery;
import io.panal.node.containers.LogStream;
import io.panal.node.http.Call;
import io.panal.node.http.Duplex;
import io.panal.node.http.Exchange;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A container's streams: attach, logs, and the wait for its end.
final class AttachCalls {
    private static final List<String> CONDITIONS = List.of("", "not-running", "next-exit", "removed");
    private static final long INPUT_LOOK_MILLIS = 20;
    private static final long EVENT_LOOK_MILLIS = 1000;

    private final Containers containers;
    private final ContainerLookup lookup;
    private final ContainerWatch watch;
    private final EventFeed events;

    AttachCalls(HostParts host, EventFeed events) {
        this.containers = host.containers();
        this.lookup = host.lookup();
        this.watch = host.watch();
        this.events = events;
    }

    void routes(Router router) {
        router.on("POST", "/containers/{name}/attach", this::attach)
                .on("GET", "/containers/{name}/logs", this::logs)
                .on("POST", "/containers/{name}/wait", this::await);
    }

    private void attach(Call call) throws IOException {
        Container container = lookup.require(call.name("name"));
        if (container.state() instanceof ContainerState.Running running && running.paused()) {
            throw new Refusal(
                    409, "Container %s is paused. Unpause the container before attach".formatted(container.id()));
        }
        boolean terminal = container.plan().process().terminal();
        watch.tell(container, "attach", Map.of(), Instant.now());
        try (Attachment attachment = containers.attach(container.id());
                Duplex duplex = call.exchange()
                        .upgrade(LogFrames.mediaType(terminal, call.version().isAtLeast(42)))) {
            var frames = new LogFrames(duplex.output(), terminal);
            if (call.query().isSet("logs")) {
                containers.logs(container.id(), LogQuery.all(), (stream, _, text) -> {
                    byte[] bytes = new byte[text.remaining()];
                    text.get(bytes);
                    frames.send(stream, bytes);
                });
            }
            if (call.query().isSet("stream")) {
                forward(call, container, attachment, duplex, frames);
            }
        }
    }

    private void forward(Call call, Container container, Attachment attachment, Duplex duplex, LogFrames frames)
            throws IOException {
        boolean stdout = call.query().isSet("stdout");
        boolean stderr = call.query().isSet("stderr");
        // The client of a terminal that detaches just goes, and the terminal stays for the next one.
        boolean once = ContainerDetails.of(container).isStdinOnce()
                && !container.plan().process().terminal();
        Thread handler = Thread.currentThread();
        Thread input = Thread.ofVirtual().name("attach input").start(() -> {
            if (feed(container, attachment, duplex.input(), call.query().isSet("stdin"), once)) {
                handler.interrupt();
            }
        });
        try {
            attachment.forward((stream, bytes) -> {
                if (stream == LogStream.STDOUT ? stdout : stderr) {
                    frames.send(stream, bytes);
                }
            });
        } finally {
            input.interrupt();
        }
    }

    /// @return whether the client asked to be let go, by Ctrl-P Ctrl-Q
    private boolean feed(
            Container container, Attachment attachment, InputStream from, boolean wanted, boolean closing) {
        try {
            if (!wanted) {
                from.transferTo(OutputStream.nullOutputStream());
                return false;
            }
            Optional<OutputStream> input = attachment.input();
            while (input.isEmpty() && !(state(container) instanceof ContainerState.Exited)) {
                Thread.sleep(INPUT_LOOK_MILLIS);
                input = attachment.input();
            }
            if (input.isEmpty()) {
                return false;
            }
            var keys = new DetachKeys(from, container.plan().process().terminal());
            StreamCopies.copy(keys, input.get());
            if (closing && !keys.isDetached()) {
                input.get().close();
            }
            return keys.isDetached();
        } catch (InterruptedException | IOException over) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private ContainerState state(Container container) {
        return containers.find(container.id()).map(Container::state).orElseGet(container::state);
    }

    private void logs(Call call) throws IOException {
        Container container = lookup.require(call.name("name"));
        LogOptions options = LogOptions.of(call.query());
        boolean terminal = container.plan().process().terminal();
        try (OutputStream out = call.exchange().stream(
                200, LogFrames.mediaType(terminal, call.version().isAtLeast(42)))) {
            var frames = new LogFrames(out, terminal);
            containers.logs(container.id(), options.query(), (stream, time, text) -> {
                byte[] line = options.shown(time, "", text);
                if (options.query().follow()) {
                    frames.send(stream, line);
                } else {
                    frames.write(stream, line);
                }
            });
        }
    }

    /// The head of the answer goes out at once: `docker run` starts the container only when it has seen it.
    private void await(Call call) throws IOException {
        Container container = lookup.require(call.name("name"));
        String condition = call.query().text("condition");
        if (!CONDITIONS.contains(condition)) {
            throw new Refusal(400, "invalid condition: \"%s\"".formatted(condition));
        }
        try (EventFeed.Listener listener = events.listen(Instant.MAX);
                OutputStream out = call.exchange().stream(200, Exchange.JSON)) {
            int code = condition.equals("next-exit") || condition.equals("removed")
                    ? nextExit(container, listener, condition.equals("removed"))
                    : code(containers.await(container.id()));
            out.write("{\"StatusCode\":%d}\n".formatted(code).getBytes(StandardCharsets.UTF_8));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the client has left");
        }
    }

    private static int code(ContainerState state) {
        return switch (state) {
            case ContainerState.Created created -> created.code();
            case ContainerState.Running _ -> 0;
            case ContainerState.Exited exited -> exited.code();
        };
    }

    private int nextExit(Container container, EventFeed.Listener listener, boolean removed)
            throws InterruptedException {
        int code = code(container.state());
        while (true) {
            EngineEvent event = listener.next(EVENT_LOOK_MILLIS);
            boolean own = event != null
                    && event.type().equals("container")
                    && event.id().equals(container.id());
            if (event != null && own && event.action().equals("die")) {
                code = Integer.parseInt(event.attributes().getOrDefault("exitCode", "0"));
            }
            boolean over = own && event != null && event.action().equals(removed ? "destroy" : "die");
            if (over || containers.find(container.id()).isEmpty()) {
                return code;
            }
        }
    }
}
