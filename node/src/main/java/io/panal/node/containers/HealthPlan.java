package io.panal.node.containers;

import io.panal.node.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// How to ask a container whether it is well. Zero stands for docker's default.
///
/// Defaults and their order: the behaviour of dockerd 28 (30 s, 30 s, 0 s, 5 s, 3).
///
/// @param test          `CMD` and words, or `CMD-SHELL` and a line; `NONE` switches it off; empty for the image's
/// @param interval      between two probes
/// @param timeout       after which a probe has failed
/// @param startPeriod   after the start in which failures do not count
/// @param startInterval between two probes in that period
/// @param retries       failures in a row that make it unhealthy
public record HealthPlan(
        List<String> test,
        Duration interval,
        Duration timeout,
        Duration startPeriod,
        Duration startInterval,
        int retries) {
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(30);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration DEFAULT_START_INTERVAL = Duration.ofSeconds(5);
    private static final int DEFAULT_RETRIES = 3;

    /// Nothing is said: as the image has it.
    public static final HealthPlan OF_IMAGE =
            new HealthPlan(List.of(), Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, 0);

    public HealthPlan {
        test = List.copyOf(test);
    }

    /// What this one leaves open is as the other has it.
    HealthPlan over(HealthPlan other) {
        return new HealthPlan(
                test.isEmpty() ? other.test : test,
                given(interval, other.interval),
                given(timeout, other.timeout),
                given(startPeriod, other.startPeriod),
                given(startInterval, other.startInterval),
                retries == 0 ? other.retries : retries);
    }

    private static Duration given(Duration value, Duration otherwise) {
        return value.isZero() ? otherwise : value;
    }

    /// Whether there is anything to run.
    boolean isOn() {
        return test.size() > 1 && !test.getFirst().equals("NONE");
    }

    /// What to run, program first.
    List<String> command() {
        var words = test.subList(1, test.size());
        if (!test.getFirst().equals("CMD-SHELL")) {
            return words;
        }
        var shell = new ArrayList<>(List.of("/bin/sh", "-c"));
        shell.addAll(words);
        return shell;
    }

    Duration patience() {
        return given(timeout, DEFAULT_TIMEOUT);
    }

    int failuresAllowed() {
        return retries == 0 ? DEFAULT_RETRIES : retries;
    }

    /// How long to wait before the next probe.
    ///
    /// @param isStartPeriod whether its container is given time to start yet
    Duration pause(Health health, boolean isStartPeriod) {
        return health.status() == Health.Status.STARTING && isStartPeriod
                ? given(startInterval, DEFAULT_START_INTERVAL)
                : given(interval, DEFAULT_INTERVAL);
    }

    /// Until when the container is given time to start.
    ///
    /// @param startedAt by the clock, which may have been set since: it gets no more than a whole period
    Deadline startPeriod(Instant startedAt, Instant now) {
        Duration left = startPeriod.minus(Duration.between(startedAt, now));
        return Deadline.after(left.compareTo(startPeriod) < 0 ? left : startPeriod);
    }
}
