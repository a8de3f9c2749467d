package io.panal.node.containers;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// How well a container is, by its health check.
///
/// @param failingStreak failures in a row that count
/// @param log           the last five probes, oldest first
public record Health(Status status, int failingStreak, List<Probe> log) {
    private static final int KEPT = 5;

    static final Health FRESH = new Health(Status.STARTING, 0, List.of());

    public enum Status {
        /// No probe succeeded yet, and not too many failed.
        STARTING,
        HEALTHY,
        UNHEALTHY;

        /// As docker writes it.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// One answer.
    ///
    /// @param code   the exit code; -1 for a probe that could not be run or took too long
    /// @param output what it printed, or why it failed
    public record Probe(Instant start, Instant end, int code, String output) {}

    public Health {
        log = List.copyOf(log);
    }

    /// A failure while it starts does not count in the start period; a success ends that period.
    ///
    /// @param isStartPeriod whether the probe began in that period
    Health after(Probe probe, HealthPlan plan, boolean isStartPeriod) {
        var probes = Stream.concat(log.stream().skip(Math.max(0, log.size() + 1 - KEPT)), Stream.of(probe))
                .toList();
        if (probe.code() == 0) {
            return new Health(Status.HEALTHY, 0, probes);
        }
        if (status == Status.STARTING && isStartPeriod) {
            return new Health(status, failingStreak, probes);
        }
        int streak = failingStreak + 1;
        return new Health(streak >= plan.failuresAllowed() ? Status.UNHEALTHY : status, streak, probes);
    }
}
