package io.panal.node.containers;

import java.io.IOException;

/// Takes what a process prints, as it comes.
@FunctionalInterface
public interface OutputReceiver {
    /// @param bytes valid during the call
    /// @throws IOException to hear no more
    void bytes(LogStream stream, byte[] bytes) throws IOException;
}
