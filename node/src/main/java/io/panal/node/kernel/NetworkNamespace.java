package io.panal.node.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A network namespace, known by the file that keeps it alive.
///
/// Work inside one runs on a platform thread made for it and thrown away: what it opens (sockets) stays in the
/// namespace for good, and no other thread is ever found in the wrong one.
///
/// @param path the file to enter it by: a bind mount, or one below `/proc`
public record NetworkNamespace(Path path) {
    private static final Path OWN = Path.of("/proc/self/ns/net");
    private static final Path THREAD = Path.of("/proc/thread-self/ns/net");

    /// What is done inside a namespace.
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException;
    }

    /// The namespace of this process.
    public static NetworkNamespace own() {
        return new NetworkNamespace(OWN);
    }

    /// Makes a namespace, kept alive by a bind mount at `path` until [#remove], and does the first work inside it.
    ///
    /// On failure nothing is left behind. The directory must exist.
    public static <T> T create(Path path, Work<T> work) throws IOException {
        return FreshThread.run(() -> {
            SystemCalls.newNetworkNamespace();
            Files.createFile(path);
            try {
                SystemCalls.bindMount(THREAD, path);
                return work.run();
            } catch (IOException | RuntimeException failure) {
                new NetworkNamespace(path).remove();
                throw failure;
            }
        });
    }

    /// Does work in a new namespace that ends with it.
    public static <T> T inPassing(Work<T> work) throws IOException {
        return FreshThread.run(() -> {
            SystemCalls.newNetworkNamespace();
            return work.run();
        });
    }

    /// Does work inside.
    public <T> T enter(Work<T> work) throws IOException {
        if (path.equals(OWN)) {
            return work.run();
        }
        return FreshThread.run(() -> {
            try (OpenDescriptor open = OpenDescriptor.of(path)) {
                SystemCalls.enterNetworkNamespace(open.number());
            }
            return work.run();
        });
    }

    /// An open descriptor of the namespace, to name it in a netlink message; close it.
    public OpenDescriptor open() throws IOException {
        return OpenDescriptor.of(path);
    }

    /// Lets the namespace go. It ends when the last process and socket in it does. Safe to repeat.
    public void remove() throws IOException {
        try {
            SystemCalls.unmount(path);
        } catch (KernelException notMounted) {
            if (notMounted.error() != KernelException.EINVAL && notMounted.error() != KernelException.ENOENT) {
                throw notMounted;
            }
        }
        Files.deleteIfExists(path);
    }
}
