package io.panal.simulator;

import io.panal.core.manager.turn.Names;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/// Time, chance and everything that is still to happen, on one thread.
///
/// The same seed and the same calls give the same history.
public final class World {
    static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Happening> future =
            new PriorityQueue<>(Comparator.comparing(Happening::at).thenComparingLong(Happening::number));
    private final SplittableRandom chance;
    private final Names names;
    private Instant now = BEGINNING;
    private Instant lastStir = BEGINNING;
    private long numbers;
    private int underway;

    private record Happening(Instant at, long number, Runnable deed) {}

    public World(long seed) {
        this.chance = new SplittableRandom(seed);
        this.names = new Names(chance.nextLong());
    }

    public Instant now() {
        return now;
    }

    /// Of this world alone: who draws from it decides what others draw.
    SplittableRandom chance() {
        return chance;
    }

    /// A name that nothing has yet: 25 characters of base 36.
    String freshName() {
        return names.<Object>next().value();
    }

    boolean happens(int perMille) {
        return perMille > 0 && chance.nextInt(1000) < perMille;
    }

    Duration between(long leastMillis, long mostMillis) {
        return Duration.ofMillis(chance.nextLong(leastMillis, mostMillis + 1));
    }

    void after(Duration delay, Runnable deed) {
        numbers++;
        future.add(new Happening(now.plus(delay), numbers, deed));
    }

    /// The same, for work that somebody waits for: the world is not quiet before it is done.
    void afterWork(Duration delay, Runnable deed) {
        underway++;
        after(delay, () -> {
            underway--;
            stir();
            deed.run();
        });
    }

    /// Something worth waiting for has happened.
    void stir() {
        lastStir = now;
    }

    public void advance(Duration duration) {
        Instant end = now.plus(duration);
        while (!future.isEmpty() && !future.element().at().isAfter(end)) {
            next();
        }
        now = end;
    }

    /// @return whether the condition came true before patience was lost
    public boolean until(BooleanSupplier condition, Duration patience) {
        Instant end = now.plus(patience);
        while (!condition.getAsBoolean()) {
            if (future.isEmpty() || future.element().at().isAfter(end)) {
                now = end;
                return condition.getAsBoolean();
            }
            next();
        }
        return true;
    }

    /// Lets everything happen that follows from what has happened; heartbeats go on for ever and do not count.
    ///
    /// @return whether it became quiet in time
    public boolean settle(Duration quiet, Duration patience) {
        return until(() -> underway == 0 && !lastStir.plus(quiet).isAfter(now), patience);
    }

    private void next() {
        Happening happening = future.remove();
        now = happening.at();
        happening.deed().run();
    }
}
