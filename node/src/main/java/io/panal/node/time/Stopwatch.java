package io.panal.node.time;

import java.time.Duration;

/// How long ago something was.
public final class Stopwatch {
    private final long begin = System.nanoTime();

    private Stopwatch() {}

    public static Stopwatch started() {
        return new Stopwatch();
    }

    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    public boolean hasReached(Duration duration) {
        return elapsed().compareTo(duration) >= 0;
    }
}
