package io.panal.node.swarm;

import io.panal.core.codec.Codec;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.node.identity.NodeName;
import io.panal.node.link.ManagerServices;
import io.panal.node.link.NodeSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// What this manager answers to other nodes.
///
/// A forwarded request is one byte of kind and its content: a command, the question how far the leader's state is,
/// or the wish for a stream from a node.
final class Reception implements ManagerServices {
    static final byte COMMAND = 1;
    static final byte VERSION = 2;
    static final byte RELAY = 3;

    private final ClusterState state;
    private final LeaderDesk desk;
    private final Supplier<Optional<String>> leaderAddress;
    private final Runnable outcast;

    Reception(ClusterState state, LeaderDesk desk, Supplier<Optional<String>> leaderAddress, Runnable outcast) {
        this.state = state;
        this.desk = desk;
        this.leaderAddress = leaderAddress;
        this.outcast = outcast;
    }

    @Override
    public ManagerServices.Reception sessionOpened(NodeSession session) {
        if (!desk.isLeading()) {
            return leaderAddress
                    .get()
                    .<ManagerServices.Reception>map(ManagerServices.Reception.Elsewhere::new)
                    .orElseGet(() -> new ManagerServices.Reception.Refused("the swarm has no leader at the moment"));
        }
        return new ManagerServices.Reception.Accepted();
    }

    @Override
    public void sessionMessage(NodeSession session, byte[] message) {
        desk.heard(session, message);
    }

    @Override
    public void sessionClosed(NodeSession session, String why) {
        desk.ended(session);
    }

    @Override
    public Optional<byte[]> forwarded(NodeName peer, byte[] request, Duration left) throws IOException {
        if (!desk.isLeading()) {
            return Optional.empty();
        }
        // A certificate outlives its node's removal from the swarm, or from its managers.
        Optional<String> refusal = refusalToJoin(peer);
        if (refusal.isPresent()) {
            throw new IOException(refusal.get());
        }
        byte[] content = new byte[request.length - 1];
        System.arraycopy(request, 1, content, 0, content.length);
        return Optional.of(
                switch (request[0]) {
                    case COMMAND -> Codec.BINARY.write(ask(Codec.BINARY.read(content, Command.class), left));
                    case VERSION ->
                        ByteBuffer.allocate(Long.BYTES)
                                .putLong(state.view().version())
                                .array();
                    case RELAY -> relay(Codec.BINARY.read(content, Relays.Order.class));
                    default ->
                        Codec.BINARY.write(new Answer.Unsupported(
                                "a request of unknown kind %d; do all managers run the same version?"
                                        .formatted(request[0])));
                });
    }

    /// @return a byte, so that an empty reason is no empty answer, and why not
    private byte[] relay(Relays.Order order) {
        Optional<NodeSession> from = desk.sessionOf(order.node());
        Optional<NodeSession> to = desk.sessionOf(order.asker());
        if (from.isEmpty() || to.isEmpty()) {
            return "!node %s is not connected to the leader"
                    .formatted(order.node())
                    .getBytes(StandardCharsets.UTF_8);
        }
        Relays.carry(from.get(), to.get(), order);
        return new byte[1];
    }

    private Answer ask(Command command, Duration left) {
        try {
            return desk.ask(command, left);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Answer.Unavailable("interrupted");
        }
    }

    @Override
    public void outcast() {
        outcast.run();
    }

    @Override
    public Optional<String> refusalToJoin(NodeName peer) {
        Optional<Node> node = state.view().nodes().find(new Id<>(peer.nodeId()));
        if (node.isEmpty()) {
            return Optional.of("node %s is not part of this swarm".formatted(peer.nodeId()));
        }
        return node.get().isManager()
                ? Optional.empty()
                : Optional.of("node %s is no manager of this swarm".formatted(peer.nodeId()));
    }
}
