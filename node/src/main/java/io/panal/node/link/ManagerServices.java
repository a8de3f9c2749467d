package io.panal.node.link;

import io.panal.node.identity.NodeName;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// What a manager answers to other nodes. Each call has a virtual thread of its own and may block.
public interface ManagerServices {
    /// A node has connected.
    Reception sessionOpened(NodeSession session);

    /// A message from a node whose session was accepted; calls for one session come one after the other, in
    /// order.
    void sessionMessage(NodeSession session, byte[] message);

    /// An accepted session is over; called once, after its last message.
    void sessionClosed(NodeSession session, String why);

    /// Another manager passes on a request, for this member to answer as leader.
    ///
    /// @param left how long the asker still waits
    /// @return empty when this member does not lead (any more): the request was not looked at
    /// @throws IOException when the other one is no manager of this swarm any more
    Optional<byte[]> forwarded(NodeName peer, byte[] request, Duration left) throws IOException;

    /// Whether this manager, already enrolled, may be added to the members of the log.
    ///
    /// @return the reason why not, shown to the user; empty when it may
    Optional<String> refusalToJoin(NodeName peer);

    /// The swarm was begun anew without this manager (`docker swarm init --force-new-cluster` on another).
    void outcast();

    /// What is done with a session.
    sealed interface Reception {
        record Accepted() implements Reception {}

        /// Another manager leads.
        ///
        /// @param address its `host:port`
        record Elsewhere(String address) implements Reception {}

        /// @param why told to the node, which tries again elsewhere or later
        record Refused(String why) implements Reception {}
    }
}
