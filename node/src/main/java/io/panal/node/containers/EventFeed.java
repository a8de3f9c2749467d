package io.panal.node.containers;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.StatusRuntimeException;
import io.panal.containerd.events.Envelope;
import io.panal.containerd.events.PublishRequest;
import io.panal.containerd.events.SubscribeRequest;
import io.panal.containerd.events.task.TaskExit;
import io.panal.containerd.events.task.TaskOOM;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.UUID;

/// Listens to containerd. After each break, and at the start, it has everything looked at anew.
final class EventFeed implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EventFeed.class.getName());
    private static final String HERE = "/panal/here";
    private static final long LOOK_AGAIN_MILLIS = 20;

    /// What is done with what is heard. Called on the feed's thread.
    interface Heard {
        void exited(TaskExit exit);

        void outOfMemory(String container, Instant at);

        /// Events may have been missed: look at the state of all.
        void missed() throws ContainersException;
    }

    private final Containerd containerd;
    private final Heard heard;
    private final Thread thread;
    private volatile boolean closing;

    /// The last subscription that was seen to count.
    private volatile String reached = "";

    EventFeed(Containerd containerd, Heard heard) {
        this.containerd = containerd;
        this.heard = heard;
        this.thread = Thread.ofVirtual().name("container-events").start(this::run);
    }

    private void run() {
        while (!closing) {
            try {
                listen();
            } catch (StatusRuntimeException broken) {
                if (!closing) {
                    LOG.log(Level.INFO, () -> "containerd is gone cause=" + broken.getStatus());
                }
            } catch (ContainersException failed) {
                if (!closing) {
                    LOG.log(Level.WARNING, "cannot look at containers, trying again", failed);
                }
            }
            awaitAnswer();
        }
    }

    private void awaitAnswer() {
        while (!closing && !containerd.isAnswering()) {
            try {
                Thread.sleep(LOOK_AGAIN_MILLIS);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void listen() throws ContainersException {
        var filters = SubscribeRequest.newBuilder()
                .addFilters("namespace==" + Containerd.NAMESPACE + ",topic~=\"^/tasks/(exit|oom)\"")
                .addFilters("namespace==" + Containerd.NAMESPACE + ",topic==\"" + HERE + "\"")
                .build();
        var events = containerd.events().subscribe(filters);
        // Nothing says when a subscription counts. An event of our own that comes back does.
        var token = UUID.randomUUID().toString();
        Thread.ofVirtual().start(() -> announce(token));
        while (!closing && events.hasNext()) {
            var event = events.next();
            if (event.getTopic().equals(HERE)) {
                // Announced until heard, so perhaps heard again.
                if (event.getEvent().getTypeUrl().equals(token) && !reached.equals(token)) {
                    reached = token;
                    heard.missed();
                }
            } else {
                hear(event);
            }
        }
    }

    private void announce(String token) {
        var event = Any.newBuilder().setTypeUrl(token).build();
        var request = PublishRequest.newBuilder().setTopic(HERE).setEvent(event).build();
        try {
            while (!closing && !reached.equals(token)) {
                var _ = containerd.events().publish(request);
                Thread.sleep(LOOK_AGAIN_MILLIS);
            }
        } catch (StatusRuntimeException broken) {
            LOG.log(Level.DEBUG, "containerd is gone", broken);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void hear(Envelope event) {
        try {
            switch (event.getTopic()) {
                case "/tasks/exit" ->
                    heard.exited(TaskExit.parseFrom(event.getEvent().getValue()));
                case "/tasks/oom" ->
                    heard.outOfMemory(
                            TaskOOM.parseFrom(event.getEvent().getValue()).getContainerId(),
                            Records.instant(event.getTimestamp()));
                default -> LOG.log(Level.DEBUG, () -> "event not understood topic=" + event.getTopic());
            }
        } catch (InvalidProtocolBufferException broken) {
            LOG.log(Level.WARNING, "event not understood topic=" + event.getTopic(), broken);
        }
    }

    @Override
    public void close() {
        closing = true;
        thread.interrupt();
    }
}
