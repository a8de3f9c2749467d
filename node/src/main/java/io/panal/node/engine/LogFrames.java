package io.panal.node.engine;

import io.panal.node.containers.LogStream;
import java.io.IOException;
import java.io.OutputStream;

/// Output as docker's clients read it: with a header of eight bytes for each piece, or, of a terminal, as it is.
///
/// Any number of threads may write; each piece stays whole.
final class LogFrames {
    static final String MULTIPLEXED = "application/vnd.docker.multiplexed-stream";
    static final String RAW = "application/vnd.docker.raw-stream";

    private final OutputStream out;
    private final boolean raw;

    LogFrames(OutputStream out, boolean raw) {
        this.out = out;
        this.raw = raw;
    }

    /// The media type of a stream, which clients before API 1.42 are told to be raw.
    static String mediaType(boolean raw, boolean knowsMultiplexed) {
        return raw || !knowsMultiplexed ? RAW : MULTIPLEXED;
    }

    /// Sends one piece at once.
    synchronized void send(LogStream stream, byte[] bytes) throws IOException {
        write(stream, bytes);
        out.flush();
    }

    /// Leaves a piece with the buffer, for [#flush] or the next full buffer.
    synchronized void write(LogStream stream, byte[] bytes) throws IOException {
        if (!raw) {
            int kind = switch (stream) {
                case STDOUT -> 1;
                case STDERR -> 2;
            };
            int length = bytes.length;
            out.write(new byte[] {
                (byte) kind,
                0,
                0,
                0,
                (byte) (length >>> 24),
                (byte) (length >>> 16),
                (byte) (length >>> 8),
                (byte) length
            });
        }
        out.write(bytes);
    }

    synchronized void flush() throws IOException {
        out.flush();
    }
}
