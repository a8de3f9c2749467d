package io.panal.node.kernel;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// What a namespace's kernel tells of changes to its links, addresses, routes or neighbours, whoever made them.
///
/// Only that something changed is kept. A socket of its own; it stays in the namespace in which it was opened.
/// Source: rtnetlink(7), the groups of `linux/rtnetlink.h`.
public final class Notices implements Closeable {
    private static final int ROUTE = 0;
    private static final int LINKS = 1;
    private static final int NEIGHBOURS = 4;
    private static final int ADDRESSES = 0x10;
    private static final int ROUTES = 0x40;
    private static final int ADDRESSES6 = 0x100;
    /// The rest of a notice is cut off by the kernel.
    private static final int RECEIVE_BYTES = 16;

    private final int descriptor;
    private boolean closed;

    private Notices(int descriptor) {
        this.descriptor = descriptor;
    }

    /// Of links, addresses and IPv4 routes, in the calling thread's namespace.
    public static Notices ofLinksHere() throws IOException {
        return open(LINKS | ADDRESSES | ADDRESSES6 | ROUTES);
    }

    /// Of links, neighbours and forwarding entries, in the calling thread's namespace.
    public static Notices ofForwardingHere() throws IOException {
        return open(LINKS | NEIGHBOURS);
    }

    private static Notices open(int groups) throws IOException {
        int descriptor = SystemCalls.netlinkSocket(ROUTE);
        try {
            SystemCalls.bindNetlink(descriptor, groups);
        } catch (IOException failure) {
            SystemCalls.close(descriptor);
            throw failure;
        }
        return new Notices(descriptor);
    }

    /// Whether anything changed since the last time this was asked. Waits for nothing.
    public synchronized boolean any() throws IOException {
        boolean any = false;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(RECEIVE_BYTES, 8);
            boolean more = !closed;
            while (more) {
                more = receive(memory);
                any |= more;
            }
        }
        return any;
    }

    private boolean receive(MemorySegment memory) throws IOException {
        try {
            return SystemCalls.receiveNow(descriptor, memory) >= 0;
        } catch (KernelException lost) {
            if (lost.error() == KernelException.ENOBUFS) {
                return true;
            }
            throw lost;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            SystemCalls.close(descriptor);
        }
    }
}
