package io.panal.node.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    private static HealthPlan plan(int retries, int startPeriod) {
        return new HealthPlan(
                List.of("CMD", "true"),
                Duration.ofSeconds(1),
                Duration.ZERO,
                Duration.ofSeconds(startPeriod),
                Duration.ZERO,
                retries);
    }

    /// One probe a second, as exit codes.
    private static Health after(String codes, HealthPlan plan, int startPeriod) {
        Health health = Health.FRESH;
        Instant at = START;
        for (String code : codes.split(" ")) {
            at = at.plusSeconds(1);
            boolean isStartPeriod = at.isBefore(START.plusSeconds(startPeriod));
            health = health.after(new Health.Probe(at, at, Integer.parseInt(code), ""), plan, isStartPeriod);
        }
        return health;
    }

    @ParameterizedTest(name = "after {0}, {1} retries and {2} s to start: {3} {4}")
    @CsvSource({
        "1,             0, 0,  STARTING,  1",
        "1 1 1,         0, 0,  UNHEALTHY, 3",
        "1 1,           2, 0,  UNHEALTHY, 2",
        "1 1 0,         3, 0,  HEALTHY,   0",
        "0 1 1,         3, 0,  HEALTHY,   2",
        "1 1 1 0,       2, 0,  HEALTHY,   0",
        "1 1 1 1,       2, 10, STARTING,  0",
        "1 1 1 1,       2, 3,  UNHEALTHY, 2",
        "1 0 1 1,       2, 10, UNHEALTHY, 2",
        "-1,            1, 0,  UNHEALTHY, 1",
    })
    void failuresInARowCountOnceTheStartIsOver(
            String codes, int retries, int startPeriod, Health.Status status, int streak) {
        Health health = after(codes, plan(retries, startPeriod), startPeriod);

        assertThat(health.status()).isEqualTo(status);
        assertThat(health.failingStreak()).isEqualTo(streak);
    }

    @ParameterizedTest(name = "the clock shows {0} s since the start, {1} s are left")
    @CsvSource({"0, 60", "20, 40", "-3600, 60", "3600, -3540"})
    void aStartPeriodEndsThoughTheClockWasSetBack(int seconds, int left) {
        Duration rest =
                plan(0, 60).startPeriod(START, START.plusSeconds(seconds)).left();

        assertThat(rest).isBetween(Duration.ofSeconds(left - 10), Duration.ofSeconds(left));
    }

    @Test
    void theLastFiveProbesAreKept() {
        assertThat(after("1 2 3 4 5 6 7", plan(0, 0), 0).log())
                .extracting(Health.Probe::code)
                .containsExactly(3, 4, 5, 6, 7);
    }

    @Test
    void whatAUserLeavesOpenIsAsTheImageSays() {
        HealthPlan image = plan(4, 9);
        HealthPlan user =
                new HealthPlan(List.of(), Duration.ofSeconds(7), Duration.ZERO, Duration.ZERO, Duration.ZERO, 0);

        assertThat(user.over(image))
                .isEqualTo(new HealthPlan(
                        List.of("CMD", "true"),
                        Duration.ofSeconds(7),
                        Duration.ZERO,
                        Duration.ofSeconds(9),
                        Duration.ZERO,
                        4));
        assertThat(new HealthPlan(List.of("NONE"), Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, 0)
                        .over(image)
                        .isOn())
                .isFalse();
    }
}
