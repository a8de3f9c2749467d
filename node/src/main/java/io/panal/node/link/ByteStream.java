package io.panal.node.link;

import java.io.IOException;
import java.util.Optional;

/// Messages in both directions between two nodes, each side blocking: for virtual threads.
///
/// One thread may read while another writes.
public interface ByteStream extends AutoCloseable {
    /// The next message, waiting for it; empty when the peer has ended its side.
    ///
    /// @throws IOException when the stream was aborted or the connection broke
    Optional<byte[]> receive() throws IOException, InterruptedException;

    /// Sends a message, waiting while the peer does not read.
    void send(byte[] message) throws IOException, InterruptedException;

    /// Says that nothing more is sent; the other direction goes on.
    void end();

    /// Breaks off both directions.
    ///
    /// @param why told to the peer
    void abort(String why);

    /// Ends this side, and breaks off the stream when the peer has not ended its own.
    @Override
    void close();
}
