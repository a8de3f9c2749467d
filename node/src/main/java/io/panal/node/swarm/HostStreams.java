package io.panal.node.swarm;

import io.panal.node.containers.Containers;
import io.panal.node.dataplane.Dataplane;
import io.panal.node.link.ByteStream;
import java.io.IOException;

/// What managers ask of this host, each kind by its name.
public record HostStreams(Containers containers, Dataplane dataplane) implements AgentSeat.Streams {
    @Override
    public void opened(String kind, byte[] request, ByteStream stream) throws IOException, InterruptedException {
        switch (kind) {
            case SwarmLogs.KIND -> SwarmLogs.answer(containers, request, stream);
            case SwarmNetworks.KIND -> SwarmNetworks.answer(dataplane, request, stream);
            default -> throw new IOException("this node does not know streams of kind " + kind);
        }
    }
}
