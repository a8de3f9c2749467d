package io.panal.core;

import java.time.Duration;
import java.time.Instant;

/// The time that an actor counts with, made of what its host's clock shows: it never goes back, and it is known of each
/// leap how far it went.
///
/// A clock that is set forward takes this time with it, and what waits is moved as far. One that is set back leaves it
/// ahead: it goes on, an eighth slower, until the clock has come up with it.
public final class SteadyTime {
    private static final int CATCH_UP = 8;

    private Instant latest;
    private Duration ahead;
    private Jumps jumps = Jumps.NONE;

    public SteadyTime() {
        this(Instant.EPOCH, Duration.ZERO);
    }

    /// @param latest no time is before it
    /// @param ahead how far it is ahead of the clock
    public SteadyTime(Instant latest, Duration ahead) {
        this.latest = latest;
        this.ahead = ahead;
    }

    /// What it is when the clock shows so much.
    public Instant at(Instant clock) {
        Instant even = clock.plus(ahead);
        if (even.isBefore(latest)) {
            ahead = Duration.between(clock, latest);
            return latest;
        }
        Duration regained = shorter(ahead, Duration.between(latest, even).dividedBy(CATCH_UP));
        ahead = ahead.minus(regained);
        latest = even.minus(regained);
        return latest;
    }

    /// The clock was set; what it shows from now on is so much more than time has gone by.
    ///
    /// @param by negative when it was set back
    /// @return how far this time leaps with it: what waits is to wait for as much more
    public Duration clockJumped(Duration by) {
        if (by.compareTo(ahead) <= 0) {
            ahead = ahead.minus(by);
            return Duration.ZERO;
        }
        Duration leap = by.minus(ahead);
        ahead = Duration.ZERO;
        latest = latest.plus(leap);
        jumps = jumps.and(new Jumps.Jump(latest, leap));
        return leap;
    }

    /// The leaps so far.
    public Jumps jumps() {
        return jumps;
    }

    /// What the clock shows when it is that time.
    public Instant clockAt(Instant time) {
        Duration left = Duration.between(latest, time);
        Instant even = time.minus(ahead);
        return left.isPositive() ? even.plus(shorter(ahead, left.dividedBy(CATCH_UP - 1))) : even;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
