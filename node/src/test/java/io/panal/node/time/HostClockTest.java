package io.panal.node.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HostClockTest {
    private Instant wall = Instant.parse("1970-01-01T00:00:30Z");
    private long nanos = Long.MAX_VALUE - 1_000;
    private final HostClock clock = new HostClock(() -> wall, () -> nanos);

    private void pass(Duration time) {
        wall = wall.plus(time);
        nanos += time.toNanos();
    }

    private Duration jump() {
        return clock.look().jump();
    }

    @Test
    void timeThatGoesByIsNoJump() {
        pass(Duration.ofHours(1));

        assertThat(clock.look()).isEqualTo(new HostClock.Look(wall, Duration.ZERO));
    }

    @Test
    void aClockThatIsSetIsToldOfOnce() {
        pass(Duration.ofSeconds(3));
        wall = wall.plus(Duration.ofDays(20_000));
        pass(Duration.ofSeconds(3));

        assertThat(jump()).isEqualTo(Duration.ofDays(20_000));
        assertThat(jump()).isZero();

        wall = wall.minus(Duration.ofHours(1));
        assertThat(jump()).isEqualTo(Duration.ofHours(-1));
    }

    @Test
    void smallStepsAreToldOfTogether() {
        wall = wall.plusMillis(300);
        assertThat(jump()).isZero();
        wall = wall.plusMillis(300);
        assertThat(jump()).isEqualTo(Duration.ofMillis(600));
    }

    @Test
    void aWaitIsAsLongAsItWasHoweverTheClockIsSet() {
        Instant due = clock.look().now().plusSeconds(5);

        pass(Duration.ofSeconds(2));
        wall = wall.minus(Duration.ofHours(1));

        assertThat(clock.until(due)).isEqualTo(Duration.ofSeconds(3));
    }
}
