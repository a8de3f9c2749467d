package io.panal.node.containers;

import io.panal.node.kernel.Epoll;
import io.panal.node.kernel.Fifos;
import io.panal.node.kernel.KernelException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/// Moves what containers print out of their pipes: one thread for all of them.
///
/// A thread per pipe would not do: a virtual thread that reads a pipe holds its carrier. Descriptors are opened,
/// watched and closed by that one thread alone, so none is used after another took its number.
final class StreamPump implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(StreamPump.class.getName());
    private static final int PIECE_BYTES = 64 << 10;
    private static final int PIECES_AT_A_TIME = 4;

    /// Takes bytes. Called on the pump's thread, so it must not wait.
    interface Sink {
        /// @param bytes valid during the call
        /// @return false to hear no more until [Source#resume]
        boolean take(byte[] bytes, int length) throws IOException;

        /// The writers are gone, and all they wrote was taken.
        void end();
    }

    /// One pipe being read.
    final class Source {
        private final int descriptor;
        private final Path path;
        private final Sink sink;
        private final CountDownLatch ended = new CountDownLatch(1);
        private boolean paused;

        private Source(int descriptor, Path path, Sink sink) {
            this.descriptor = descriptor;
            this.path = path;
            this.sink = sink;
        }

        /// Lets a sink hear again that did not want to.
        void resume() {
            perform(() -> {
                if (paused && sources.containsKey(descriptor)) {
                    paused = false;
                    epoll.add(descriptor, Epoll.READABLE);
                }
            });
        }

        /// Ends if nobody writes: a pipe that no writer ever opened reports no end of itself.
        void look() {
            perform(() -> {
                if (sources.get(descriptor) == this) {
                    handle(descriptor);
                }
            });
        }

        /// Reads what lies in the pipe and ends, whether or not its writers are gone.
        void finish() {
            perform(() -> {
                if (sources.get(descriptor) == this) {
                    while (move(this)) {}
                    end(this);
                }
            });
        }

        /// Released at the end.
        CountDownLatch ended() {
            return ended;
        }
    }

    private interface Command {
        void perform() throws IOException;
    }

    private final Epoll epoll = new Epoll();
    private final Map<Integer, Source> sources = new HashMap<>();
    private final Map<Integer, Runnable> waiting = new HashMap<>();
    private final Queue<Command> commands = new ConcurrentLinkedQueue<>();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment piece = arena.allocate(PIECE_BYTES);
    private final byte[] bytes = new byte[PIECE_BYTES];
    private final LogLines lines = new LogLines();
    private final Thread thread;
    private volatile boolean closing;

    StreamPump() throws KernelException {
        thread = Thread.ofPlatform().daemon().name("container-output").start(this::run);
    }

    /// A buffer for sinks, to be used on the pump's thread only.
    LogLines lines() {
        return lines;
    }

    /// Begins to read a pipe that exists. What it holds already comes first.
    Source read(Path path, Sink sink) throws KernelException {
        int descriptor = Fifos.openForReading(path);
        var source = new Source(descriptor, path, sink);
        perform(() -> {
            sources.put(descriptor, source);
            epoll.add(descriptor, Epoll.READABLE);
        });
        return source;
    }

    /// Calls back once, on the pump's thread, when the descriptor has room.
    void whenWritable(int descriptor, Runnable then) {
        perform(() -> {
            boolean known = waiting.put(descriptor, then) != null;
            if (known) {
                epoll.rearm(descriptor, Epoll.WRITABLE);
            } else {
                epoll.addOnce(descriptor, Epoll.WRITABLE);
            }
        });
    }

    /// Closes a descriptor given to [#whenWritable], after what is being done with it.
    void closeWritable(int descriptor) {
        perform(() -> {
            if (waiting.remove(descriptor) != null) {
                epoll.remove(descriptor);
            }
            Fifos.close(descriptor);
        });
    }

    private void perform(Command command) {
        if (closing) {
            return;
        }
        commands.add(command);
        wake();
    }

    private void wake() {
        try {
            epoll.wake();
        } catch (KernelException failed) {
            throw new IllegalStateException("cannot wake the pump", failed);
        }
    }

    private void run() {
        var ready = new int[128];
        while (!closing) {
            try {
                int count = epoll.await(ready);
                for (var command = commands.poll(); command != null; command = commands.poll()) {
                    command.perform();
                }
                for (int i = 0; i < count; i++) {
                    handle(ready[i]);
                }
            } catch (IOException failed) {
                LOG.log(Level.ERROR, "cannot read containers' output", failed);
            }
        }
        sources.keySet().forEach(Fifos::close);
        waiting.keySet().forEach(Fifos::close);
    }

    private void handle(int descriptor) throws IOException {
        var source = sources.get(descriptor);
        if (source == null) {
            var then = waiting.get(descriptor);
            if (then != null) {
                then.run();
            }
            return;
        }
        for (int i = 0; i < PIECES_AT_A_TIME && !source.paused; i++) {
            if (!move(source)) {
                return;
            }
        }
    }

    /// @return whether there may be more
    private boolean move(Source source) throws IOException {
        int count;
        try {
            count = Fifos.read(source.descriptor, piece);
        } catch (KernelException failed) {
            LOG.log(Level.WARNING, "cannot read from " + source.path, failed);
            count = 0;
        }
        if (count == Fifos.WOULD_BLOCK) {
            return false;
        }
        if (count == 0) {
            end(source);
            return false;
        }
        MemorySegment.copy(piece, ValueLayout.JAVA_BYTE, 0, bytes, 0, count);
        if (!source.sink.take(bytes, count)) {
            source.paused = true;
            // Not only silenced: the end of input would be reported again and again.
            epoll.remove(source.descriptor);
        }
        return true;
    }

    private void end(Source source) throws KernelException {
        if (sources.remove(source.descriptor, source)) {
            epoll.remove(source.descriptor);
            Fifos.close(source.descriptor);
            source.sink.end();
            source.ended.countDown();
        }
    }

    /// Stops reading. The pipes stay, and their writers: another pump goes on where this one stopped.
    @Override
    public void close() {
        closing = true;
        wake();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return;
        }
        epoll.close();
        arena.close();
    }
}
