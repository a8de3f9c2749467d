package io.panal.cli.client;

import java.io.IOException;

/// What carries requests to a daemon: a connection, or a simulated cluster.
public interface Transport extends AutoCloseable {
    /// @param headers further header lines, each with its line end
    /// @throws UnreachableException when there is no daemon
    Response send(String method, String path, String headers, byte[] body) throws IOException;

    @Override
    void close() throws IOException;
}
