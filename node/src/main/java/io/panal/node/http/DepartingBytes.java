package io.panal.node.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.function.Function;

/// Bytes from a blocking writer to the event loop. A write waits while the client takes nothing.
final class DepartingBytes extends OutputStream {
    private static final int BUFFER_BYTES = 1 << 15;

    private final Channel channel;
    private final Function<ByteBuf, Object> framing;
    private final Runnable onClose;
    private byte[] buffer = new byte[0];
    private int filled;
    private boolean closed;

    /// @param framing what is written to the channel for some bytes
    /// @param onClose told once, after the last bytes were handed over
    DepartingBytes(Channel channel, Function<ByteBuf, Object> framing, Runnable onClose) {
        this.channel = channel;
        this.framing = framing;
        this.onClose = onClose;
    }

    /// The client's side of the socket has room again, or is gone.
    synchronized void wake() {
        notifyAll();
    }

    @Override
    public synchronized void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        if (closed) {
            throw new IOException("the answer was already complete");
        }
        if (length >= BUFFER_BYTES) {
            flush();
            send(Unpooled.copiedBuffer(source, offset, length));
            return;
        }
        if (filled + length > BUFFER_BYTES) {
            flush();
        }
        if (buffer.length == 0) {
            buffer = new byte[BUFFER_BYTES];
        }
        System.arraycopy(source, offset, buffer, filled, length);
        filled += length;
    }

    @Override
    public synchronized void flush() throws IOException {
        if (filled > 0) {
            ByteBuf bytes = Unpooled.copiedBuffer(buffer, 0, filled);
            filled = 0;
            send(bytes);
        }
    }

    private void send(ByteBuf bytes) throws IOException {
        boolean handedOver = false;
        try {
            awaitRoom();
            handedOver = true;
        } finally {
            if (!handedOver) {
                bytes.release();
            }
        }
        channel.writeAndFlush(framing.apply(bytes)).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    private synchronized void awaitRoom() throws IOException {
        while (channel.isActive() && !channel.isWritable()) {
            try {
                wait();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while the client was slow");
            }
        }
        if (!channel.isActive()) {
            throw new ClientGone();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        try {
            flush();
        } finally {
            closed = true;
            onClose.run();
        }
    }
}
