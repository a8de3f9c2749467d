package io.panal.cli.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// The body of one answer: of a known length, in chunks, or up to the connection's end.
final class Body extends InputStream {
    static final long CHUNKED = -1;
    static final long TO_THE_END = -2;

    private final InputStream in;
    private final long kind;
    private long left;
    private boolean started;
    private boolean ended;

    Body(InputStream in, long kind) {
        this.in = in;
        this.kind = kind;
        this.left = Math.max(kind, 0);
        this.ended = kind == 0;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (kind == CHUNKED && left == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int most = kind == TO_THE_END ? length : (int) Math.min(length, left);
        int count = in.read(bytes, offset, most);
        if (count < 0) {
            ended = true;
            if (kind != TO_THE_END) {
                throw new EOFException("unexpected EOF");
            }
            return -1;
        }
        if (kind != TO_THE_END) {
            left -= count;
            ended = kind != CHUNKED && left == 0;
        }
        return count;
    }

    private void nextChunk() throws IOException {
        if (started) {
            Connection.line(in);
        }
        started = true;
        String size = Connection.line(in);
        int extension = size.indexOf(';');
        left = Long.parseLong((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
        if (left == 0) {
            ended = true;
            // Trailers end with an empty line.
            String trailer = Connection.line(in);
            while (!trailer.isEmpty()) {
                trailer = Connection.line(in);
            }
        }
    }
}
