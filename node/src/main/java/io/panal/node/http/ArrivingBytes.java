package io.panal.node.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Bytes from the event loop, read by a blocking reader. The socket is not read while more than a megabyte waits here.
final class ArrivingBytes extends InputStream {
    private static final int HIGH_BYTES = 1 << 20;
    private static final int LOW_BYTES = 1 << 18;

    private final Channel channel;
    private final ArrayDeque<ByteBuf> arrived = new ArrayDeque<>();
    private final Runnable onFirstRead;
    private long waitingBytes;
    private boolean paused;
    private boolean ended;
    private boolean readOnce;
    private long patienceNanos;
    private @Nullable IOException failure;

    /// @param patience how long nothing may arrive before a read is refused with 408; zero waits for ever
    /// @param onFirstRead told once, before the reader waits for the first time
    ArrivingBytes(Channel channel, Duration patience, Runnable onFirstRead) {
        this.channel = channel;
        this.patienceNanos = patience.toNanos();
        this.onFirstRead = onFirstRead;
    }

    /// Takes over `bytes`.
    synchronized void arrive(ByteBuf bytes) {
        if (failure != null || ended || !bytes.isReadable()) {
            bytes.release();
            return;
        }
        arrived.add(bytes);
        waitingBytes += bytes.readableBytes();
        if (waitingBytes > HIGH_BYTES) {
            paused = true;
            channel.config().setAutoRead(false);
        }
        notifyAll();
    }

    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /// The request's body has ended; raw bytes follow, for which a read waits for ever.
    synchronized void becomeRaw() {
        ended = false;
        patienceNanos = 0;
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    /// Drops what waits; every later read fails with `reason`.
    synchronized void fail(IOException reason) {
        if (failure == null) {
            failure = reason;
        }
        discard();
        notifyAll();
    }

    @Override
    public synchronized int available() {
        return (int) Math.min(Integer.MAX_VALUE, waitingBytes);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        announceFirstRead();
        synchronized (this) {
            await();
            if (failure != null) {
                throw failure;
            }
            ByteBuf head = arrived.peek();
            if (head == null) {
                return -1;
            }
            int count = Math.min(length, head.readableBytes());
            head.readBytes(target, offset, count);
            if (!head.isReadable()) {
                arrived.remove().release();
            }
            waitingBytes -= count;
            if (paused && waitingBytes < LOW_BYTES) {
                paused = false;
                Connection.resumeReading(channel);
            }
            return count;
        }
    }

    private void announceFirstRead() {
        boolean first;
        synchronized (this) {
            first = !readOnce;
            readOnce = true;
        }
        if (first) {
            onFirstRead.run();
        }
    }

    private synchronized void await() throws IOException {
        long deadline = System.nanoTime() + patienceNanos;
        while (arrived.isEmpty() && !ended && failure == null) {
            long left = deadline - System.nanoTime();
            if (patienceNanos > 0 && left <= 0) {
                throw new Refusal(408, "the request's body did not arrive in time");
            }
            try {
                wait(patienceNanos > 0 ? left / 1_000_000 + 1 : 0);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while reading the request");
            }
        }
    }

    private void discard() {
        arrived.forEach(ByteBuf::release);
        arrived.clear();
        waitingBytes = 0;
        if (paused) {
            paused = false;
            Connection.resumeReading(channel);
        }
    }

    @Override
    public void close() {
        // The connection owns the bytes' source: what is left unread is drained or dropped when the answer is complete.
    }
}
