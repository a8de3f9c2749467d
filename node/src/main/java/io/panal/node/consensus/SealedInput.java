package io.panal.node.consensus;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Reads what [SealedOutput] wrote; damage and cuts are IOExceptions, never an early end.
final class SealedInput extends InputStream {
    private static final int SEALED_BYTES_MAX = SealedOutput.CHUNK_BYTES + 64;

    private final DataKeys keys;
    private final DataInputStream in;
    private byte[] chunk = new byte[0];
    private int position;
    private long number;
    private boolean last;

    SealedInput(DataKeys keys, InputStream in) {
        this.keys = keys;
        this.in = new DataInputStream(in);
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (position == chunk.length) {
            if (last) {
                return -1;
            }
            nextChunk();
        }
        int part = Math.min(length, chunk.length - position);
        System.arraycopy(chunk, position, bytes, offset, part);
        position += part;
        return part;
    }

    private void nextChunk() throws IOException {
        last = in.readBoolean();
        int length = in.readInt();
        if (length < 0 || length > SEALED_BYTES_MAX) {
            throw new IOException("a snapshot's chunk has the impossible length " + length);
        }
        chunk = keys.open(in.readNBytes(length), SealedOutput.bound(number++, last));
        position = 0;
    }
}
