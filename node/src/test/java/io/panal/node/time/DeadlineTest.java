package io.panal.node.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    @Test
    void aWaitOfNothingIsOverAtOnce() {
        assertThat(Deadline.after(Duration.ZERO).isOver()).isTrue();
        assertThat(Deadline.after(Duration.ofHours(-1)).left()).isNegative();
    }

    @Test
    void aLongerWaitIsNotOver() {
        Deadline hour = Deadline.after(Duration.ofHours(1));

        assertThat(hour.isOver()).isFalse();
        assertThat(hour.left()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
    }

    @Test
    void aWaitForEverIsNotOver() {
        assertThat(Deadline.after(Duration.ofSeconds(Long.MAX_VALUE)).isOver()).isFalse();
    }
}
