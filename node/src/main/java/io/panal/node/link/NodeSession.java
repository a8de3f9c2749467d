package io.panal.node.link;

import io.panal.node.identity.NodeName;
import java.io.IOException;

/// A node's open session, as its manager sees it. All methods may be called from any thread.
public interface NodeSession {
    /// Who is at the other end, by its certificate.
    NodeName peer();

    /// The peer's IP address as this manager sees it.
    String remoteAddress();

    /// Queues a message for the node; never blocks.
    ///
    /// @return false when the session is over, or was closed now because too much is waiting for a node that does
    /// not read
    boolean send(byte[] message);

    /// Opens a stream to the node over the link it has made, so that it may be behind NAT. Blocks until the
    /// node has answered.
    ///
    /// @param kind what the stream is for, agreed between both ends
    /// @param request the first message
    /// @throws IOException when the session ends or the node does not answer in 10 s
    ByteStream open(String kind, byte[] request) throws IOException, InterruptedException;

    /// Ends the session; the node connects again.
    void close(String why);
}
