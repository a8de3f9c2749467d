package io.panal.node.containers;

import io.panal.node.kernel.Fifos;
import io.panal.node.time.Deadline;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// The input of a process. Writing waits while its pipe is full, and fails once it ended.
final class InputPipe extends OutputStream {
    private static final int PIECE_BYTES = 64 << 10;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(2);
    private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(30);

    /// What closes the process's own end, once all is read.
    interface Closing {
        void close() throws IOException;
    }

    private final StreamPump pump;
    private final Closing closing;
    private final int descriptor;
    private final ReentrantLock lock = new ReentrantLock();
    private final Semaphore writable = new Semaphore(0);
    private volatile boolean ended;
    private boolean closed;

    InputPipe(StreamPump pump, Path fifo, Closing closing) throws IOException {
        this.pump = pump;
        this.closing = closing;
        this.descriptor = Fifos.openForWriting(fifo);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int start, int length) throws IOException {
        lock.lock();
        try (var arena = Arena.ofConfined()) {
            var piece = arena.allocate(Math.max(1, Math.min(PIECE_BYTES, length)));
            int written = 0;
            while (written < length) {
                int wanted = Math.min(PIECE_BYTES, length - written);
                MemorySegment.copy(bytes, start + written, piece, ValueLayout.JAVA_BYTE, 0, wanted);
                written += writeSome(piece.asSlice(0, wanted));
            }
        } finally {
            lock.unlock();
        }
    }

    private int writeSome(MemorySegment piece) throws IOException {
        while (true) {
            if (ended || closed) {
                throw new IOException("the process takes no more input");
            }
            int count = Fifos.write(descriptor, piece);
            if (count != Fifos.WOULD_BLOCK) {
                return count;
            }
            pump.whenWritable(descriptor, writable::release);
            await(writable);
        }
    }

    private static void await(Semaphore writable) throws IOException {
        try {
            writable.acquire();
            writable.drainPermits();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    /// The process is gone: who waits to write is told so.
    void end() {
        ended = true;
        writable.release();
        lock.lock();
        try {
            release();
        } finally {
            lock.unlock();
        }
    }

    /// The end of input for the process, after what was written.
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (closed || ended) {
                return;
            }
            Deadline deadline = Deadline.after(DRAIN_PATIENCE);
            while (!ended && Fifos.unread(descriptor) > 0 && !deadline.isOver()) {
                boolean _ = writable.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            }
            release();
            if (!ended) {
                closing.close();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        } finally {
            lock.unlock();
        }
    }

    private void release() {
        if (!closed) {
            closed = true;
            pump.closeWritable(descriptor);
        }
    }
}
