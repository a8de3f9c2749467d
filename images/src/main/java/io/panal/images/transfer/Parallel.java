package io.panal.images.transfer;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Some blocking jobs at once; the first failure stops the others and is the one that is told.
final class Parallel {
    private Parallel() {}

    interface Job {
        void run() throws IOException;
    }

    static void run(int atOnce, List<Job> jobs) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(
                atOnce, Thread.ofVirtual().name("layer-", 0).factory());
        try (threads) {
            List<Future<?>> all = new ArrayList<>();
            for (Job job : jobs) {
                all.add(threads.submit(() -> {
                    job.run();
                    return null;
                }));
            }
            try {
                for (Future<?> one : all) {
                    one.get();
                }
            } catch (ExecutionException failure) {
                threads.shutdownNow();
                throw cause(failure);
            } catch (InterruptedException stopped) {
                threads.shutdownNow();
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("context canceled");
            }
        }
    }

    private static IOException cause(ExecutionException failure) {
        return switch (failure.getCause()) {
            case IOException told -> told;
            case RuntimeException bug -> throw bug;
            case Error bug -> throw bug;
            case null, default -> throw new IllegalStateException("job failed in a way it cannot", failure);
        };
    }
}
