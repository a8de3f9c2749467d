package io.panal.cli.command;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// The process's standard output: when nobody reads it any more, the command ends there.
///
/// A print stream would swallow the failure, and a command that follows logs would go on for nobody.
public final class Downstream extends FilterOutputStream {
    /// Nobody reads any more.
    public static final class Closed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Closed(IOException cause) {
            super(cause);
        }
    }

    public Downstream(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int one) {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        try {
            out.write(bytes, offset, length);
        } catch (IOException closed) {
            throw new Closed(closed);
        }
    }
}
