package io.panal.node.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/// A network interface whose frames this process reads and writes. It is gone when this is closed, or this process
/// ends.
///
/// Source: `Documentation/networking/tuntap.rst` of Linux.
public final class Tap implements Closeable {
    private static final Path CLONE = Path.of("/dev/net/tun");
    private static final long TUNSETIFF = 0x400454caL;
    private static final short IFF_TAP_NO_PI = 0x0002 | 0x1000;
    private static final int REQUEST_BYTES = 40;
    private static final int FLAGS_OFFSET = 16;
    private static final int EAGAIN = 11;

    private static final MethodHandle IOCTL =
            Bindings.bindVariadic("ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), 2);
    private static final MethodHandle READ =
            Bindings.bind("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            Bindings.bind("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

    private final int descriptor;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = Bindings.state(arena);

    private Tap(int descriptor) {
        this.descriptor = descriptor;
    }

    /// In the calling thread's namespace, where it stays, down.
    ///
    /// @throws IOException with a sentence that says what this host lacks
    public static Tap openHere(String name) throws IOException {
        if (!Files.exists(CLONE)) {
            throw new IOException("there is no " + CLONE + " here: load the kernel module tun, or let this host's "
                    + "container have that device");
        }
        int descriptor = Fifos.openForWriting(CLONE);
        try (var scratch = Arena.ofConfined()) {
            var state = Bindings.state(scratch);
            var request = scratch.allocate(REQUEST_BYTES);
            request.setString(0, name);
            request.set(JAVA_SHORT, FLAGS_OFFSET, IFF_TAP_NO_PI);
            int result = (int) IOCTL.invokeExact(state, descriptor, TUNSETIFF, request);
            if (result < 0) {
                throw new KernelException("make TAP " + name, Bindings.errno(state));
            }
            return new Tap(descriptor);
        } catch (KernelException refused) {
            Fifos.close(descriptor);
            throw refused;
        } catch (Throwable thrown) {
            throw Bindings.impossible(thrown);
        }
    }

    /// To be watched for what is to be read.
    public int descriptor() {
        return descriptor;
    }

    /// A frame that someone sends out by this interface. To be called by one thread alone, as [#write].
    ///
    /// @return its length, or -1 when there is none now
    /// @throws IOException the interface is gone
    public int read(MemorySegment into) throws IOException {
        try {
            long read = (long) READ.invokeExact(state, descriptor, into, into.byteSize());
            if (read < 0 && Bindings.errno(state) != EAGAIN) {
                throw new KernelException("read of a TAP", Bindings.errno(state));
            }
            return (int) read;
        } catch (KernelException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Bindings.impossible(thrown);
        }
    }

    /// Lets a frame come in by this interface; one that the kernel does not want, as while it is down, is lost.
    public void write(MemorySegment frame, int length) {
        try {
            long _ = (long) WRITE.invokeExact(state, descriptor, frame, (long) length);
        } catch (Throwable thrown) {
            throw Bindings.impossible(thrown);
        }
    }

    @Override
    public void close() {
        Fifos.close(descriptor);
        arena.close();
    }
}
