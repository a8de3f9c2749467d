package io.panal.images.registry;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.Serial;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A request's body as a blocking stream; the socket is not read while much of it waits here.
final class RequestBody extends InputStream {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MUCH = 512 << 10;
    private static final int LITTLE = 128 << 10;

    /// The request cannot be read to its end, so nobody waits for an answer.
    static final class BrokenOff extends IOException {
        @Serial
        private static final long serialVersionUID = 1;

        BrokenOff(String message) {
            super(message);
        }
    }

    private sealed interface Piece {
        record Data(HttpContent content) implements Piece {}

        record Broken() implements Piece {}
    }

    private final Channel channel;
    private final LinkedBlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private @Nullable HttpContent current;
    private boolean isFinished;

    RequestBody(Channel channel) {
        this.channel = channel;
    }

    /// Called by the channel's own thread.
    void offer(HttpContent content) {
        int much = waiting.addAndGet(content.content().readableBytes());
        pieces.add(new Piece.Data(content));
        if (much > MUCH) {
            var _ = channel.config().setAutoRead(false);
            // The reader may have taken all of it in between, and would not turn it on again.
            resume();
        }
    }

    private void resume() {
        if (waiting.get() <= LITTLE && !channel.config().isAutoRead()) {
            var _ = channel.config().setAutoRead(true);
        }
    }

    /// Called by the channel's own thread: the client is gone.
    void breakOff() {
        pieces.add(new Piece.Broken());
    }

    boolean isFinished() {
        return isFinished;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (true) {
            HttpContent held = current;
            if (held == null) {
                if (isFinished) {
                    return -1;
                }
                current = next();
                continue;
            }
            ByteBuf bytes = held.content();
            if (bytes.isReadable()) {
                int count = Math.min(length, bytes.readableBytes());
                bytes.readBytes(into, offset, count);
                return count;
            }
            isFinished = held instanceof LastHttpContent;
            current = null;
            held.release();
        }
    }

    private HttpContent next() throws IOException {
        resume();
        try {
            Piece piece = pieces.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return switch (piece) {
                case null -> throw new BrokenOff("client sent nothing for " + PATIENCE.toSeconds() + " s");
                case Piece.Broken() -> throw new BrokenOff("client went away");
                case Piece.Data(HttpContent content)
                when content.decoderResult().isFailure() -> {
                    content.release();
                    throw new IOException(
                            "request body cannot be read",
                            content.decoderResult().cause());
                }
                case Piece.Data(HttpContent content) -> {
                    waiting.addAndGet(-content.content().readableBytes());
                    yield content;
                }
            };
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("server is closing");
        }
    }

    /// Reads what is left up to a limit.
    ///
    /// @return whether the end was reached
    boolean drain(long limit) throws IOException {
        if (isFinished) {
            return true;
        }
        byte[] waste = new byte[8192];
        long left = limit;
        while (left > 0) {
            int count = read(waste, 0, waste.length);
            if (count < 0) {
                return true;
            }
            left -= count;
        }
        return false;
    }

    /// Gives held buffers back.
    @Override
    public void close() {
        HttpContent held = current;
        if (held != null) {
            held.release();
            current = null;
        }
        for (Piece piece; (piece = pieces.poll()) != null; ) {
            if (piece instanceof Piece.Data(HttpContent content)) {
                content.release();
            }
        }
    }
}
