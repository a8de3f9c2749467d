package io.panal.node.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// Named pipes that never block the thread that uses them.
public final class Fifos {
    /// What [#read] and [#write] return when there is nothing to read or no room now.
    public static final int WOULD_BLOCK = -1;

    private static final int EEXIST = 17;
    private static final int EAGAIN = 11;
    private static final int EINTR = 4;
    private static final int O_RDONLY = 0;
    private static final int O_RDWR = 2;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final long FIONREAD = 0x541B;

    private static final MethodHandle MKFIFO =
            Bindings.bind("mkfifo", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle OPEN =
            Bindings.bindVariadic("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT), 2);
    private static final MethodHandle CLOSE = Bindings.bind("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle READ =
            Bindings.bind("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            Bindings.bind("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle IOCTL =
            Bindings.bindVariadic("ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), 2);

    private Fifos() {}

    /// Makes a named pipe for its owner alone; one that is there already is kept.
    public static void make(Path path) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var state = Bindings.state(arena);
            int result = (int) MKFIFO.invokeExact(state, arena.allocateFrom(path.toString()), 0600);
            if (result < 0 && Bindings.errno(state) != EEXIST) {
                throw new KernelException("mkfifo " + path, Bindings.errno(state));
            }
        } catch (KernelException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Bindings.impossible(thrown);
        }
    }

    /// Opens the reading end, which sees the end of input once every writer has closed.
    ///
    /// @return a descriptor that the caller closes
    public static int openForReading(Path path) throws KernelException {
        return open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    }

    /// Opens for writing without waiting for a reader: opened both ways, so that the kernel sees one.
    ///
    /// @return a descriptor that the caller closes
    public static int openForWriting(Path path) throws KernelException {
        return open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    }

    private static int open(Path path, int flags) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var state = Bindings.state(arena);
            int descriptor = (int) OPEN.invokeExact(state, arena.allocateFrom(path.toString()), flags, 0);
            if (descriptor < 0) {
                throw new KernelException("open " + path, Bindings.errno(state));
            }
            return descriptor;
        } catch (KernelException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Bindings.impossible(thrown);
        }
    }

    /// Reads what is there.
    ///
    /// @return the number of bytes, zero at the end of input, or [#WOULD_BLOCK]
    public static int read(int descriptor, MemorySegment buffer) throws KernelException {
        return transfer(READ, "read", descriptor, buffer);
    }

    /// Writes what there is room for.
    ///
    /// @return the number of bytes, or [#WOULD_BLOCK]
    public static int write(int descriptor, MemorySegment buffer) throws KernelException {
        return transfer(WRITE, "write", descriptor, buffer);
    }

    private static int transfer(MethodHandle call, String name, int descriptor, MemorySegment buffer)
            throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var state = Bindings.state(arena);
            while (true) {
                long moved = (long) call.invokeExact(state, descriptor, buffer, buffer.byteSize());
                if (moved >= 0) {
                    return (int) moved;
                }
                int errno = Bindings.errno(state);
                if (errno == EAGAIN) {
                    return WOULD_BLOCK;
                }
                if (errno != EINTR) {
                    throw new KernelException(name, errno);
                }
            }
        } catch (KernelException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Bindings.impossible(thrown);
        }
    }

    /// How many bytes lie in the pipe, unread.
    public static int unread(int descriptor) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var state = Bindings.state(arena);
            var count = arena.allocate(JAVA_INT);
            int result = (int) IOCTL.invokeExact(state, descriptor, FIONREAD, count);
            if (result < 0) {
                throw new KernelException("ioctl FIONREAD", Bindings.errno(state));
            }
            return count.get(JAVA_INT, 0);
        } catch (KernelException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Bindings.impossible(thrown);
        }
    }

    /// Gives a descriptor back. The kernel frees it even when it reports an error, so there is nothing to tell.
    public static void close(int descriptor) {
        try (var arena = Arena.ofConfined()) {
            int _ = (int) CLOSE.invokeExact(Bindings.state(arena), descriptor);
        } catch (Throwable thrown) {
            throw Bindings.impossible(thrown);
        }
    }
}
