package io.panal.node.containers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;

/// Takes lines of a log, oldest first.
@FunctionalInterface
public interface LogReceiver {
    /// @param text with its line end if it had one; a line of more than 16 KiB comes in pieces. Valid during the call
    /// @throws IOException to end the reading
    void line(LogStream stream, Instant time, ByteBuffer text) throws IOException;
}
