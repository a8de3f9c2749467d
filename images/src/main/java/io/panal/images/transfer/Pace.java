package io.panal.images.transfer;

import java.time.Duration;
import java.util.function.Consumer;

/// Tells how far a layer is, some times a second and not at every piece.
final class Pace {
    private static final long PAUSE = Duration.ofMillis(100).toNanos();

    private final Consumer<Progress> progress;
    private final String layer;
    private final String status;
    private final long total;
    private long told = System.nanoTime() - PAUSE;

    Pace(Consumer<Progress> progress, String layer, String status, long total) {
        this.progress = progress;
        this.layer = layer;
        this.status = status;
        this.total = total;
    }

    void at(long current) {
        long now = System.nanoTime();
        if (now - told >= PAUSE) {
            told = now;
            progress.accept(Progress.step(layer, status, current, total));
        }
    }
}
