package io.panal.node.link;

/// What a node's agent hears over its link.
public interface NodeServices {
    /// A manager has accepted the session; said before its first message.
    ///
    /// @param manager its `host:port`
    void connected(String manager);

    /// A message from the manager; one after the other, in order. Should not block for long.
    void message(byte[] message);

    /// The session is over; the link looks for the next manager by itself.
    void disconnected(String why);

    /// A manager has opened a stream; on a thread of its own, which may block until the stream is done.
    ///
    /// @param stream closed when this returns
    void streamOpened(String kind, byte[] request, ByteStream stream);
}
