package io.panal.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// Where an actor's time has leapt, earliest first; the last few are remembered.
public record Jumps(List<Jump> known) {
    public static final Jumps NONE = new Jumps(List.of());
    private static final int REMEMBERED = 16;

    /// @param after the first time after it
    /// @param by how far it went; positive
    public record Jump(Instant after, Duration by) {}

    public Jumps {
        known = List.copyOf(known);
    }

    Jumps and(Jump jump) {
        List<Jump> all = Stream.concat(known.stream(), Stream.of(jump)).toList();
        return new Jumps(all.subList(Math.max(0, all.size() - REMEMBERED), all.size()));
    }

    /// What a stamp would be if the clock had always been as it is now: as long ago as its event is.
    public Instant dated(Instant stamp) {
        Instant dated = stamp;
        for (Jump jump : known) {
            dated = dated.isBefore(jump.after()) ? dated.plus(jump.by()) : dated;
        }
        return dated;
    }
}
