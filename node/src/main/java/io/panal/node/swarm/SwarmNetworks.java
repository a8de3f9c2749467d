package io.panal.node.swarm;

import io.panal.core.codec.Codec;
import io.panal.core.model.Node;
import io.panal.node.dataplane.Dataplane;
import io.panal.node.engine.NetworkHealth;
import io.panal.node.engine.NodeNetworks;
import io.panal.node.link.ByteStream;
import java.io.IOException;
import java.util.List;

/// Nodes' networks, asked over the links that the nodes have made: one question, one answer.
public final class SwarmNetworks implements NodeNetworks {
    static final String KIND = "network";

    private final SwarmNode swarm;

    /// What a node is asked.
    ///
    /// @param mending whether what differs is made as wanted
    private record Question(boolean mending) {}

    /// @param error why it was not compared, empty when it was: a broken stream would not say
    private record Answer(NetworkHealth health, String error) {}

    public SwarmNetworks(SwarmNode swarm) {
        this.swarm = swarm;
    }

    @Override
    public NetworkHealth examine(Node node, boolean mending) throws IOException, InterruptedException {
        if (node.status().state() == Node.State.DOWN) {
            String why = node.status().message();
            throw new IOException("it is down" + (why.isEmpty() ? "" : ": " + why));
        }
        try (ByteStream stream = swarm.open(node.id(), KIND, Codec.BINARY.write(new Question(mending)))) {
            byte[] content =
                    stream.receive().orElseThrow(() -> new IOException("it has ended the stream without an answer"));
            Answer answer = Codec.BINARY.read(content, Answer.class);
            if (!answer.error().isEmpty()) {
                throw new IOException(answer.error());
            }
            return answer.health();
        }
    }

    /// Answers a manager.
    static void answer(Dataplane dataplane, byte[] request, ByteStream stream)
            throws IOException, InterruptedException {
        Question question = Codec.BINARY.read(request, Question.class);
        stream.send(Codec.BINARY.write(answer(dataplane, question.mending())));
        stream.end();
    }

    private static Answer answer(Dataplane dataplane, boolean mending) {
        try {
            return new Answer(new NetworkHealth(dataplane.examine(mending), dataplane.problems()), "");
        } catch (IOException failed) {
            return new Answer(new NetworkHealth(List.of(), List.of()), "not compared: " + failed.getMessage());
        }
    }
}
