package io.panal.images.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A response's body as a stream whose reads give up after a silence; the JDK's own would wait for ever.
final class TimedBody extends InputStream implements BodySubscriber<InputStream> {
    private sealed interface Signal {
        record Data(List<ByteBuffer> buffers) implements Signal {}

        record Failed(Throwable why) implements Signal {}

        record Finished() implements Signal {}
    }

    private final Duration patience;
    private final LinkedBlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final Deque<ByteBuffer> ready = new ArrayDeque<>();
    private volatile Flow.@Nullable Subscription subscription;
    private boolean isFinished;

    TimedBody(Duration patience) {
        this.patience = patience;
    }

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        signals.add(new Signal.Data(buffers));
    }

    @Override
    public void onError(Throwable why) {
        signals.add(new Signal.Failed(why));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal.Finished());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (true) {
            ByteBuffer buffer = ready.peek();
            if (buffer != null && buffer.hasRemaining()) {
                int count = Math.min(length, buffer.remaining());
                buffer.get(into, offset, count);
                return count;
            }
            if (buffer != null) {
                ready.remove();
            } else if (isFinished) {
                return -1;
            } else {
                await();
            }
        }
    }

    private void await() throws IOException {
        switch (next()) {
            case Signal.Data(List<ByteBuffer> buffers) -> {
                ready.addAll(buffers);
                Flow.Subscription from = subscription;
                if (from != null) {
                    from.request(1);
                }
            }
            case Signal.Failed(Throwable why) -> {
                isFinished = true;
                throw new IOException("unexpected EOF", why);
            }
            case Signal.Finished() -> isFinished = true;
        }
    }

    private Signal next() throws IOException {
        try {
            Signal signal = signals.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (signal == null) {
                close();
                throw new IOException("no data for " + patience.toSeconds() + " s: i/o timeout");
            }
            return signal;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            close();
            throw new InterruptedIOException("context canceled");
        }
    }

    /// Gives the connection up if anything is still to come.
    @Override
    public void close() {
        Flow.Subscription from = subscription;
        if (!isFinished && from != null) {
            isFinished = true;
            from.cancel();
        }
    }
}
