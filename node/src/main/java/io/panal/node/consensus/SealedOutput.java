package io.panal.node.consensus;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// Seals a stream chunk by chunk. The chunk's number and whether it is the last are bound to it: none can be
/// swapped or cut off.
final class SealedOutput extends OutputStream {
    static final int CHUNK_BYTES = 1 << 20;

    private final DataKeys keys;
    private final DataOutputStream out;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    private long number;

    SealedOutput(DataKeys keys, OutputStream out) {
        this.keys = keys;
        this.out = new DataOutputStream(out);
    }

    static byte[] bound(long number, boolean last) {
        return ByteBuffer.allocate(Long.BYTES + 1)
                .putLong(number)
                .put((byte) (last ? 1 : 0))
                .array();
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        while (from < offset + length) {
            if (!chunk.hasRemaining()) {
                emit(false);
            }
            int part = Math.min(chunk.remaining(), offset + length - from);
            chunk.put(bytes, from, part);
            from += part;
        }
    }

    /// Writes the last chunk; without it the stream reads as cut.
    void finish() throws IOException {
        emit(true);
        out.flush();
    }

    private void emit(boolean last) throws IOException {
        chunk.flip();
        var content = new byte[chunk.remaining()];
        chunk.get(content);
        chunk.clear();
        byte[] sealed = keys.seal(content, bound(number++, last));
        out.writeBoolean(last);
        out.writeInt(sealed.length);
        out.write(sealed);
    }
}
