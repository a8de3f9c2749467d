package io.panal.node;

import io.panal.node.kernel.NativeMemory;
import java.time.Duration;

/// Gives memory back once the daemon has worked and is quiet again.
///
/// The virtual machine collects garbage when it needs room, and an idle daemon never does: what a burst of work has
/// left, in the heap and in the C library, would stay resident for days. Work is told by what is allocated.
final class Rest {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
    /// More than this allocated between two looks is work; heartbeats are a tenth of it.
    private static final long WORK_BYTES = 1 << 20;

    private boolean worked = true;
    private long used = used();
    /// What was left by the last collection of everything.
    private long rested = used;

    /// Looks on until the process ends.
    static void watch() {
        Thread _ = Thread.ofVirtual().name("rest").start(() -> {
            try {
                new Rest().run();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void run() throws InterruptedException {
        while (true) {
            Thread.sleep(LOOK_AGAIN);
            boolean working = isMore(used());
            if (worked && !working) {
                System.gc();
                NativeMemory.trim();
                rested = used();
            }
            worked = working;
            used = used();
        }
    }

    /// After a small collection, which heartbeats alone come to in minutes: whether it has left more than there was.
    private boolean isMore(long now) {
        return now - (now < used ? rested : used) > WORK_BYTES;
    }

    /// Bytes of the heap, garbage included.
    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
