package io.panal.node.kernel;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/// An open file descriptor, to be closed.
///
/// @param number as the kernel counts them, from 0
public record OpenDescriptor(int number) implements Closeable {
    static OpenDescriptor of(Path path) throws KernelException {
        return new OpenDescriptor(SystemCalls.open(path));
    }

    @Override
    public void close() throws IOException {
        SystemCalls.close(number);
    }
}
