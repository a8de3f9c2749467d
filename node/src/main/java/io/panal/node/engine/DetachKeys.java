package io.panal.node.engine;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A terminal's input, which ends where the user types Ctrl-P Ctrl-Q.
final class DetachKeys extends FilterInputStream {
    private static final int CTRL_P = 16;
    private static final int CTRL_Q = 17;

    private final boolean terminal;
    private boolean half;
    private boolean detached;

    DetachKeys(InputStream in, boolean terminal) {
        super(in);
        this.terminal = terminal;
    }

    boolean isDetached() {
        return detached;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (detached) {
            return -1;
        }
        int count = super.read(target, offset, length);
        for (int i = offset; terminal && i < offset + count; i++) {
            if (half && target[i] == CTRL_Q) {
                detached = true;
                return i > offset + 1 ? i - offset - 1 : -1;
            }
            half = target[i] == CTRL_P;
        }
        return count;
    }
}
