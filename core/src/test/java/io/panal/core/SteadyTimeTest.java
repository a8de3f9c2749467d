package io.panal.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SteadyTimeTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SteadyTime time = new SteadyTime();

    @Test
    void itIsWhatTheClockShowsAsLongAsThatIsRight() {
        assertThat(time.at(NOON)).isEqualTo(NOON);
        assertThat(time.at(NOON.plus(HOUR))).isEqualTo(NOON.plus(HOUR));
        assertThat(time.clockAt(NOON.plus(HOUR).plus(SECOND)))
                .isEqualTo(NOON.plus(HOUR).plus(SECOND));
    }

    @Test
    void aClockSetForwardTakesItAlongAndEarlierStampsAreAsLongAgoAsTheyWere() {
        time.at(NOON);

        assertThat(time.clockJumped(HOUR)).isEqualTo(HOUR);

        Instant now = time.at(NOON.plus(HOUR).plus(SECOND));
        assertThat(now).isEqualTo(NOON.plus(HOUR).plus(SECOND));
        assertThat(Duration.between(time.jumps().dated(NOON.minus(SECOND)), now))
                .isEqualTo(SECOND.multipliedBy(2));
        assertThat(time.jumps().dated(now)).isEqualTo(now);
    }

    @Test
    void aClockSetBackLeavesItGoingOnUntilTheClockHasComeUp() {
        time.at(NOON);

        assertThat(time.clockJumped(HOUR.negated())).isZero();

        Instant clock = NOON.minus(HOUR);
        assertThat(time.at(clock)).isEqualTo(NOON);
        assertThat(time.at(clock.plus(HOUR.multipliedBy(4)))).isEqualTo(NOON.plusSeconds(3600 * 7 / 2));
        assertThat(time.at(clock.plus(HOUR.multipliedBy(8)))).isEqualTo(clock.plus(HOUR.multipliedBy(8)));
        assertThat(time.at(clock.plus(HOUR.multipliedBy(9)))).isEqualTo(clock.plus(HOUR.multipliedBy(9)));
    }

    @Test
    void whileItIsAheadWhoWaitsIsWokenWhenItsTimeHasCome() {
        time.at(NOON);
        time.clockJumped(HOUR.negated());
        Instant due = NOON.plus(Duration.ofSeconds(70));

        Instant clock = time.clockAt(due);

        assertThat(clock).isEqualTo(NOON.minus(HOUR).plusSeconds(80));
        assertThat(time.at(clock)).isEqualTo(due);
    }

    @Test
    void aClockSetBackAndForwardAgainLeapsNoFurtherThanItShows() {
        time.at(NOON);
        time.clockJumped(HOUR.negated());

        assertThat(time.clockJumped(HOUR.plus(SECOND))).isEqualTo(SECOND);

        assertThat(time.at(NOON.plus(SECOND))).isEqualTo(NOON.plus(SECOND));
    }

    @Test
    void aStepBackThatNobodyToldOfMakesItWait() {
        time.at(NOON);

        assertThat(time.at(NOON.minus(SECOND))).isEqualTo(NOON);
        assertThat(time.at(NOON)).isEqualTo(NOON.plusMillis(875));
    }
}
