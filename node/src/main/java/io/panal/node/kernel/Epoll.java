package io.panal.node.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// One epoll(7) instance: many descriptors, one thread that waits for them.
///
/// [#await] belongs to one thread, and so does [#close], after that thread ended; the other methods to any.
public final class Epoll implements AutoCloseable {
    /// Something to read, the end of input, or an error: all are found by reading.
    public static final int READABLE = 0x1;

    /// Room to write.
    public static final int WRITABLE = 0x4;

    private static final int ONE_SHOT = 1 << 30;
    private static final int ADD = 1;
    private static final int REMOVE = 2;
    private static final int MODIFY = 3;
    private static final int EINTR = 4;
    private static final int ENOENT = 2;
    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int MOST_EVENTS = 128;

    /// `struct epoll_event` is packed on x86-64 only: 32 bits of events, then 64 of data.
    private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");

    private static final int EVENT_BYTES = PACKED ? 12 : 16;
    private static final int DATA_OFFSET = PACKED ? 4 : 8;

    private static final MethodHandle CREATE =
            Bindings.bind("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle CONTROL =
            Bindings.bind("epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle WAIT =
            Bindings.bind("epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle EVENT_DESCRIPTOR =
            Bindings.bind("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

    private final Arena arena = Arena.ofShared();
    private final MemorySegment events = arena.allocate((long) EVENT_BYTES * MOST_EVENTS, 8);
    private final MemorySegment waitState = Bindings.state(arena);
    private final MemorySegment one = arena.allocateFrom(JAVA_LONG, 1);
    private final MemorySegment drained = arena.allocate(JAVA_LONG);
    private final int epoll;
    private final int wake;

    public Epoll() throws KernelException {
        epoll = create(CREATE, "epoll_create1");
        wake = eventDescriptor();
        control(ADD, wake, READABLE);
    }

    private static int create(MethodHandle call, String name) throws KernelException {
        try (var scratch = Arena.ofConfined()) {
            var state = Bindings.state(scratch);
            int descriptor = (int) call.invokeExact(state, CLOSE_ON_EXEC);
            if (descriptor < 0) {
                throw new KernelException(name, Bindings.errno(state));
            }
            return descriptor;
        } catch (KernelException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Bindings.impossible(thrown);
        }
    }

    private static int eventDescriptor() throws KernelException {
        try (var scratch = Arena.ofConfined()) {
            var state = Bindings.state(scratch);
            int descriptor = (int) EVENT_DESCRIPTOR.invokeExact(state, 0, CLOSE_ON_EXEC | 0x800);
            if (descriptor < 0) {
                throw new KernelException("eventfd", Bindings.errno(state));
            }
            return descriptor;
        } catch (KernelException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Bindings.impossible(thrown);
        }
    }

    /// Watches a descriptor until it is removed or closed.
    public void add(int descriptor, int interest) throws KernelException {
        control(ADD, descriptor, interest);
    }

    /// Watches a descriptor until its first event; then [#rearm] asks again.
    public void addOnce(int descriptor, int interest) throws KernelException {
        control(ADD, descriptor, interest | ONE_SHOT);
    }

    /// Asks again for the first event of a descriptor added by [#addOnce].
    public void rearm(int descriptor, int interest) throws KernelException {
        control(MODIFY, descriptor, interest | ONE_SHOT);
    }

    /// Stops watching; a descriptor that is not watched is left as it is.
    public void remove(int descriptor) throws KernelException {
        control(REMOVE, descriptor, 0);
    }

    private void control(int operation, int descriptor, int interest) throws KernelException {
        try (var scratch = Arena.ofConfined()) {
            var state = Bindings.state(scratch);
            var event = scratch.allocate(16, 8);
            event.set(JAVA_INT_UNALIGNED, 0, interest);
            event.set(JAVA_INT_UNALIGNED, DATA_OFFSET, descriptor);
            int result = (int) CONTROL.invokeExact(state, epoll, operation, descriptor, event);
            if (result < 0 && !(operation == REMOVE && Bindings.errno(state) == ENOENT)) {
                throw new KernelException("epoll_ctl", Bindings.errno(state));
            }
        } catch (KernelException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Bindings.impossible(thrown);
        }
    }

    /// Waits for events or for [#wake].
    ///
    /// @param ready receives the ready descriptors; at least one element long
    /// @return how many were put into `ready`; zero after a wake or a signal
    public int await(int[] ready) throws KernelException {
        try {
            int count = (int) WAIT.invokeExact(waitState, epoll, events, Math.min(MOST_EVENTS, ready.length), -1);
            if (count < 0) {
                if (Bindings.errno(waitState) == EINTR) {
                    return 0;
                }
                throw new KernelException("epoll_wait", Bindings.errno(waitState));
            }
            int kept = 0;
            for (int i = 0; i < count; i++) {
                int descriptor = events.get(JAVA_INT_UNALIGNED, (long) i * EVENT_BYTES + DATA_OFFSET);
                if (descriptor == wake) {
                    int _ = Fifos.read(wake, drained);
                } else {
                    ready[kept++] = descriptor;
                }
            }
            return kept;
        } catch (KernelException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Bindings.impossible(thrown);
        }
    }

    /// Lets [#await] return.
    public void wake() throws KernelException {
        int _ = Fifos.write(wake, one);
    }

    @Override
    public void close() {
        Fifos.close(wake);
        Fifos.close(epoll);
        arena.close();
    }
}
