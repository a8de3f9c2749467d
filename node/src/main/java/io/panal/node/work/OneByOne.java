package io.panal.node.work;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Does pieces of work one by one on a thread of its own, in the order they came, some of them after a pause.
///
/// After its end nothing more is done: what comes then, or waits for its turn, is dropped, and who waits for an answer
/// is told so. It may end at any moment, in the middle of a piece that asks for another as well.
final class OneByOne implements AutoCloseable {
    private final ScheduledThreadPoolExecutor thread;

    /// @param name of the thread
    OneByOne(String name) {
        thread = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name(name).daemon().factory(), (piece, _) -> drop(piece));
    }

    private static void drop(Runnable piece) {
        if (piece instanceof Future<?> awaited) {
            awaited.cancel(false);
        }
    }

    /// Done in its turn.
    void perform(Runnable piece) {
        thread.execute(piece);
    }

    /// Done after the pause, in its turn then.
    void performAfter(Duration pause, Runnable piece) {
        var _ = thread.schedule(piece, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Waits until it is done.
    ///
    /// @throws IOException the piece's own, or because the work has ended
    <T> T await(Callable<T> piece) throws IOException, InterruptedException {
        try {
            return thread.submit(piece).get();
        } catch (CancellationException _) {
            throw new IOException("this node is shutting down");
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException refused ? refused : new IOException(failed);
        }
    }

    /// Ends it; the piece being done is interrupted.
    @Override
    public void close() {
        thread.shutdownNow().forEach(OneByOne::drop);
    }
}
