package io.panal.node.containers;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Carries output from the pump's thread to one that may wait: bounded, and with no byte lost.
final class OutputTap {
    private static final int MOST_BYTES = 1 << 20;

    private static final class Piece {
        final LogStream stream;
        final byte[] bytes;

        Piece(LogStream stream, byte[] bytes) {
            this.stream = stream;
            this.bytes = bytes;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Piece> pieces = new ArrayDeque<>();
    private final Runnable drained;
    private int waitingBytes;
    private boolean full;
    private boolean draining;
    private boolean ended;

    /// @param drained called when a tap that was full has room again
    OutputTap(Runnable drained) {
        this.drained = drained;
    }

    /// @return false when it wants no more until it is drained
    boolean offer(LogStream stream, byte[] bytes, int length) {
        lock.lock();
        try {
            if (ended) {
                return true;
            }
            pieces.add(new Piece(stream, Arrays.copyOf(bytes, length)));
            waitingBytes += length;
            full = !draining && waitingBytes >= MOST_BYTES;
            changed.signalAll();
            return !full;
        } finally {
            lock.unlock();
        }
    }

    /// The process is gone: what is left in its pipes is little, and is taken whether or not someone reads.
    void drain() {
        lock.lock();
        try {
            draining = true;
            full = false;
        } finally {
            lock.unlock();
        }
        drained.run();
    }

    /// Nothing more comes.
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Hands everything on until the end, or until interrupted.
    void forward(OutputReceiver receiver) throws IOException {
        try {
            for (var piece = next(); piece.bytes.length > 0; piece = next()) {
                receiver.bytes(piece.stream, piece.bytes);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            end();
            drained.run();
        }
    }

    /// An empty piece is the end.
    private Piece next() throws InterruptedException {
        boolean hasRoomAgain = false;
        Piece piece;
        lock.lockInterruptibly();
        try {
            while (pieces.isEmpty() && !ended) {
                changed.await();
            }
            piece = pieces.isEmpty() ? new Piece(LogStream.STDOUT, new byte[0]) : pieces.remove();
            waitingBytes -= piece.bytes.length;
            if (full && waitingBytes < MOST_BYTES / 2) {
                full = false;
                hasRoomAgain = true;
            }
        } finally {
            lock.unlock();
        }
        if (hasRoomAgain) {
            drained.run();
        }
        return piece;
    }
}
