package io.panal.node.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.Inet4Address;
import java.nio.ByteOrder;

/// A UDP socket over IPv4 that sends and receives many datagrams by one call of the kernel. One thread uses it.
///
/// Source: udp(7), sendmmsg(2), recvmmsg(2).
public final class Datagrams implements Closeable {
    /// The largest that fits into what is sent or received here, in bytes.
    public static final int LARGEST = 9216;

    private static final int AT_ONCE = 64;
    private static final int HEADER_BYTES = 64;
    private static final int LENGTH_OFFSET = 56;
    private static final int NAME_BYTES = 16;
    private static final int VECTOR_BYTES = 16;
    private static final short AF_INET = 2;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int BUFFER_BYTES = 4 << 20;

    private static final MethodHandle SOCKET =
            Bindings.bind("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND =
            Bindings.bind("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SEND_MANY =
            Bindings.bind("sendmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle RECEIVE_MANY =
            Bindings.bind("recvmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));

    private final int descriptor;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = Bindings.state(arena);
    private final Batch departing = new Batch(arena);
    private final Batch arriving = new Batch(arena);
    private int waiting;

    /// Headers, addresses and contents of [#AT_ONCE] messages; the headers point to the rest.
    private record Batch(MemorySegment headers, MemorySegment names, MemorySegment vectors, MemorySegment contents) {
        Batch(Arena arena) {
            this(
                    arena.allocate((long) AT_ONCE * HEADER_BYTES, 8),
                    arena.allocate((long) AT_ONCE * NAME_BYTES, 8),
                    arena.allocate((long) AT_ONCE * VECTOR_BYTES, 8),
                    arena.allocate((long) AT_ONCE * LARGEST, 8));
            for (int i = 0; i < AT_ONCE; i++) {
                long header = (long) i * HEADER_BYTES;
                headers.set(ADDRESS, header, names.asSlice((long) i * NAME_BYTES));
                headers.set(ADDRESS, header + 16, vectors.asSlice((long) i * VECTOR_BYTES));
                headers.set(JAVA_LONG, header + 24, 1);
                vectors.set(ADDRESS, (long) i * VECTOR_BYTES, contents.asSlice((long) i * LARGEST));
                prepare(i, LARGEST);
            }
        }

        /// The kernel writes over the lengths of what it gives.
        void prepare(int index, int length) {
            headers.set(JAVA_INT, (long) index * HEADER_BYTES + 8, NAME_BYTES);
            vectors.set(JAVA_LONG, (long) index * VECTOR_BYTES + 8, length);
        }
    }

    private Datagrams(int descriptor) {
        this.descriptor = descriptor;
    }

    /// Bound to an address in a namespace.
    ///
    /// @param port 1 to 65,535
    public static Datagrams open(NetworkNamespace namespace, Inet4Address address, int port) throws IOException {
        return namespace.enter(() -> openHere(address, port));
    }

    private static Datagrams openHere(Inet4Address address, int port) throws KernelException {
        int descriptor = socket();
        try {
            bind(descriptor, address, port);
            SystemCalls.setOption(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, BUFFER_BYTES);
            SystemCalls.setOption(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES);
            return new Datagrams(descriptor);
        } catch (KernelException refused) {
            Fifos.close(descriptor);
            throw refused;
        }
    }

    private static int socket() throws KernelException {
        try (var scratch = Arena.ofConfined()) {
            var state = Bindings.state(scratch);
            int descriptor = (int) SOCKET.invokeExact(state, (int) AF_INET, SOCK_DGRAM_CLOEXEC, 0);
            if (descriptor < 0) {
                throw new KernelException("UDP socket", Bindings.errno(state));
            }
            return descriptor;
        } catch (KernelException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Bindings.impossible(thrown);
        }
    }

    private static void bind(int descriptor, Inet4Address address, int port) throws KernelException {
        try (var scratch = Arena.ofConfined()) {
            var state = Bindings.state(scratch);
            var name = scratch.allocate(NAME_BYTES, 8);
            write(name, 0, address.getAddress(), port);
            if ((int) BIND.invokeExact(state, descriptor, name, NAME_BYTES) < 0) {
                throw new KernelException("bind of UDP port %d".formatted(port), Bindings.errno(state));
            }
        } catch (KernelException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Bindings.impossible(thrown);
        }
    }

    private static void write(MemorySegment names, long offset, byte[] address, int port) {
        names.set(JAVA_SHORT, offset, AF_INET);
        names.set(JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), offset + 2, (short) port);
        MemorySegment.copy(address, 0, names, JAVA_BYTE, offset + 4, address.length);
    }

    /// To be watched for what is to be received.
    public int descriptor() {
        return descriptor;
    }

    /// Has one sent with the next [#flush], or before.
    ///
    /// @param content from its beginning
    /// @param length at most [#LARGEST]
    public void send(byte[] content, int length, byte[] address, int port) {
        write(departing.names(), (long) waiting * NAME_BYTES, address, port);
        MemorySegment.copy(content, 0, departing.contents(), JAVA_BYTE, (long) waiting * LARGEST, length);
        departing.prepare(waiting, length);
        waiting++;
        if (waiting == AT_ONCE) {
            flush();
        }
    }

    /// Sends what waits. What the kernel refuses, as for want of a route, is lost.
    public void flush() {
        int from = 0;
        while (from < waiting) {
            MemorySegment headers = departing.headers().asSlice((long) from * HEADER_BYTES);
            try {
                int sent = (int) SEND_MANY.invokeExact(state, descriptor, headers, waiting - from, 0);
                from += Math.max(1, sent);
            } catch (Throwable thrown) {
                throw Bindings.impossible(thrown);
            }
        }
        waiting = 0;
    }

    /// Receives what is there, a batch at most.
    ///
    /// @return how many there are to [#take]
    public int receive() {
        for (int i = 0; i < AT_ONCE; i++) {
            arriving.prepare(i, LARGEST);
        }
        try {
            int count = (int) RECEIVE_MANY.invokeExact(
                    state, descriptor, arriving.headers(), AT_ONCE, SystemCalls.MSG_DONTWAIT, MemorySegment.NULL);
            return Math.max(0, count);
        } catch (Throwable thrown) {
            throw Bindings.impossible(thrown);
        }
    }

    /// One of those received last.
    ///
    /// @param into at least [#LARGEST] bytes
    /// @param sender four bytes, written to
    /// @return its length
    public int take(int index, byte[] into, byte[] sender) {
        int length = arriving.headers().get(JAVA_INT, (long) index * HEADER_BYTES + LENGTH_OFFSET);
        MemorySegment.copy(arriving.contents(), JAVA_BYTE, (long) index * LARGEST, into, 0, length);
        MemorySegment.copy(arriving.names(), JAVA_BYTE, (long) index * NAME_BYTES + 4, sender, 0, sender.length);
        return length;
    }

    @Override
    public void close() {
        Fifos.close(descriptor);
        arena.close();
    }
}
