package io.panal.program.cluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The Engine API spoken byte by byte, as no proper client would.
record Wire(Path socket) {
    private static final int PIECE = 1 << 16;

    /// @param status 0 when the connection ended without an answer
    record Answer(int status, String text) {}

    static Wire to(Path socket) {
        return new Wire(socket);
    }

    Answer get(String path) {
        return send("GET %s HTTP/1.1\r\nHost: panal\r\nConnection: close\r\n\r\n".formatted(path));
    }

    Answer post(String path, String body) {
        return request("POST", path, body);
    }

    Answer request(String method, String path, String body) {
        return send("""
                %s %s HTTP/1.1\r
                Host: panal\r
                Connection: close\r
                Content-Type: application/json\r
                Content-Length: %d\r
                \r
                %s""".formatted(method, path, body.getBytes(StandardCharsets.UTF_8).length, body));
    }

    /// Announces a body and sends it as long as the other side takes it.
    Answer flood(String path, long bytes) {
        try (SocketChannel channel = open()) {
            write(channel, """
                    POST %s HTTP/1.1\r
                    Host: panal\r
                    Connection: close\r
                    Content-Type: application/json\r
                    Content-Length: %d\r
                    \r
                    """.formatted(path, bytes));
            try {
                for (long sent = 0; sent < bytes; sent += PIECE) {
                    write(channel, " ".repeat(PIECE));
                }
            } catch (IOException refused) {
                // The answer may be there already.
                return read(channel);
            }
            return read(channel);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Sends the beginning of a request and hangs up.
    void abandon(String beginning) {
        try (SocketChannel channel = open()) {
            write(channel, beginning);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Answer send(String bytes) {
        try (SocketChannel channel = open()) {
            write(channel, bytes);
            return read(channel);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private SocketChannel open() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        return channel;
    }

    private static void write(SocketChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static Answer read(SocketChannel channel) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        try {
            while (channel.read(piece) >= 0) {
                all.write(piece.array(), 0, piece.position());
                piece.clear();
            }
        } catch (IOException reset) {
            // What came before the reset is the answer.
            piece.clear();
        }
        String text = all.toString(StandardCharsets.UTF_8);
        return new Answer(text.startsWith("HTTP/1.1 ") ? Integer.parseInt(text.substring(9, 12)) : 0, text);
    }
}
