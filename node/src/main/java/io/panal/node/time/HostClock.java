package io.panal.node.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// The host's clock, and when it was set: compared with the time that has gone by.
///
/// A host that was suspended looks the same, for no time goes by on it meanwhile. For one thread.
public final class HostClock {
    /// Less is not told from a thread that had to wait between two looks.
    private static final Duration LEAST_JUMP = Duration.ofMillis(500);

    private final InstantSource wall;
    private final LongSupplier nanos;
    private Instant shown;
    private long shownAt;
    private Duration untold = Duration.ZERO;

    /// One look at it.
    ///
    /// @param now what it shows
    /// @param jump how much more it shows than time has gone by since the look before; zero unless it was set
    public record Look(Instant now, Duration jump) {
        public boolean isJump() {
            return !jump.isZero();
        }
    }

    public HostClock() {
        this(InstantSource.system(), System::nanoTime);
    }

    /// @param nanos grows with the time that goes by, from any number on
    HostClock(InstantSource wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
        shownAt = nanos.getAsLong();
        shown = wall.instant();
    }

    public Look look() {
        long at = nanos.getAsLong();
        Instant now = wall.instant();
        untold = untold.plus(Duration.between(shown, now)).minusNanos(at - shownAt);
        shown = now;
        shownAt = at;
        Duration jump = untold.abs().compareTo(LEAST_JUMP) < 0 ? Duration.ZERO : untold;
        untold = untold.minus(jump);
        return new Look(now, jump);
    }

    /// How long it is from now to a time that was worked out from the last look.
    public Duration until(Instant time) {
        return Duration.between(shown, time).minusNanos(nanos.getAsLong() - shownAt);
    }
}
