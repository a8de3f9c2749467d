package io.panal.node.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// A connection after its upgrade: raw bytes both ways.
///
/// @param input ends when the client closes its sending side; the output stays usable
/// @param output blocks while the client is slow; `flush` sends what is buffered
public record Duplex(InputStream input, OutputStream output) implements Closeable {
    /// Sends what is buffered and ends the connection.
    @Override
    public void close() throws IOException {
        output.close();
    }
}
