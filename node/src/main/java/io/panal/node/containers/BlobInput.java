package io.panal.node.containers;

import io.grpc.StatusRuntimeException;
import io.panal.containerd.content.ReadContentResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;

/// A blob's bytes, fetched piece by piece as they are read.
final class BlobInput extends InputStream {
    private final Iterator<ReadContentResponse> pieces;
    private InputStream piece = InputStream.nullInputStream();

    BlobInput(Iterator<ReadContentResponse> pieces) {
        this.pieces = pieces;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int start, int length) throws IOException {
        try {
            int count = piece.read(into, start, length);
            while (count < 0 && pieces.hasNext()) {
                piece = pieces.next().getData().newInput();
                count = piece.read(into, start, length);
            }
            return count;
        } catch (StatusRuntimeException refused) {
            throw new ContainersException(refused);
        }
    }
}
