package io.panal.core.manager.turn;

import io.panal.core.Jumps;
import java.time.Instant;

/// A time of the leader's, with the leaps that its clock has made.
///
/// @param now what is stamped
public record Moment(Instant now, Jumps jumps) {
    /// What a stamp would be if the clock had always been as it is now: waits that began with it count from there.
    public Instant dated(Instant stamp) {
        return jumps.dated(stamp);
    }
}
