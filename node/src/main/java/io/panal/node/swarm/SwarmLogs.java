package io.panal.node.swarm;

import io.panal.core.codec.Codec;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.Task;
import io.panal.core.model.TaskStatus;
import io.panal.node.containers.Containers;
import io.panal.node.containers.LogQuery;
import io.panal.node.containers.LogReceiver;
import io.panal.node.containers.LogStream;
import io.panal.node.engine.TaskLogs;
import io.panal.node.link.ByteStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;

/// Tasks' logs, from this host or over the link to the node that has them.
///
/// On a link each message is one line: stream (1 byte), seconds (8), nanoseconds (4), text.
public final class SwarmLogs implements TaskLogs {
    static final String KIND = "log";
    private static final int HEAD_BYTES = 1 + Long.BYTES + Integer.BYTES;

    private final SwarmNode swarm;
    private final Containers containers;

    /// @param container whose log is wanted
    private record Wanted(String container, LogQuery query) {}

    public SwarmLogs(SwarmNode swarm, Containers containers) {
        this.swarm = swarm;
        this.containers = containers;
    }

    @Override
    public void read(Task task, LogQuery query, LogReceiver receiver) throws IOException, InterruptedException {
        Optional<String> container = task.status().containerStatus().map(TaskStatus.ContainerStatus::containerId);
        if (container.isEmpty() || task.nodeId().isEmpty()) {
            return;
        }
        Id<Node> node = task.nodeId().get();
        if (swarm.nodeId().filter(node::equals).isPresent()) {
            if (containers.find(container.get()).isPresent()) {
                containers.logs(container.get(), query, receiver);
            }
            return;
        }
        byte[] request = Codec.BINARY.write(new Wanted(container.get(), query));
        try (ByteStream stream = swarm.open(node, KIND, request)) {
            for (Optional<byte[]> line = stream.receive(); line.isPresent(); line = stream.receive()) {
                pass(ByteBuffer.wrap(line.get()), receiver);
            }
        }
    }

    private static void pass(ByteBuffer line, LogReceiver receiver) throws IOException {
        LogStream stream = line.get() == 0 ? LogStream.STDOUT : LogStream.STDERR;
        Instant time = Instant.ofEpochSecond(line.getLong(), line.getInt());
        receiver.line(stream, time, line.slice());
    }

    /// Answers a manager that wants a log of this host.
    static void answer(Containers containers, byte[] request, ByteStream stream)
            throws IOException, InterruptedException {
        Wanted wanted = Codec.BINARY.read(request, Wanted.class);
        if (containers.find(wanted.container()).isPresent()) {
            containers.logs(wanted.container(), wanted.query(), (from, time, text) -> send(stream, from, time, text));
        }
        stream.end();
    }

    private static void send(ByteStream stream, LogStream from, Instant time, ByteBuffer text) throws IOException {
        byte[] line = new byte[HEAD_BYTES + text.remaining()];
        ByteBuffer.wrap(line)
                .put((byte) (from == LogStream.STDOUT ? 0 : 1))
                .putLong(time.getEpochSecond())
                .putInt(time.getNano())
                .put(text.duplicate());
        try {
            stream.send(line);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
    }
}
