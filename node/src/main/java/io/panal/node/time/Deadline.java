package io.panal.node.time;

import java.time.Duration;

/// A time until which something waits.
public final class Deadline {
    /// Beyond any life of a process; further ones would not be after earlier ones.
    private static final Duration FARTHEST = Duration.ofDays(10_000);

    private final long nanos;

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    /// @param wait from now on; of none or less it is over at once
    public static Deadline after(Duration wait) {
        return new Deadline(System.nanoTime() + (wait.compareTo(FARTHEST) < 0 ? wait : FARTHEST).toNanos());
    }

    /// @return zero or negative when it is over
    public Duration left() {
        return Duration.ofNanos(nanos - System.nanoTime());
    }

    public boolean isOver() {
        return nanos - System.nanoTime() <= 0;
    }

    @Override
    public String toString() {
        return "in " + left();
    }
}
