package io.panal.node.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// Copies a client's input to a process.
final class StreamCopies {
    private static final Logger LOG = System.getLogger(StreamCopies.class.getName());
    private static final int BUFFER_BYTES = 1 << 15;

    private StreamCopies() {}

    /// Copies until the end of `from`, and then closes `into`, on a thread of its own that ends when interrupted.
    static Thread start(String name, InputStream from, OutputStream into) {
        return Thread.ofVirtual().name(name).start(() -> {
            try (into) {
                copy(from, into);
            } catch (IOException ended) {
                // The process has ended or the client is gone: either ends the exchange by itself.
                LOG.log(Level.DEBUG, () -> "input ended reason=" + ended.getMessage());
            }
        });
    }

    /// Copies until the end of `from`, each piece at once.
    static void copy(InputStream from, OutputStream into) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
            into.write(buffer, 0, length);
            into.flush();
        }
    }
}
