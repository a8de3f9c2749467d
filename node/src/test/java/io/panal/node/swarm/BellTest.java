package io.panal.node.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BellTest {
    private static final Duration LONG = Duration.ofSeconds(40);

    @Test
    void whatRangBetweenLookingAndWaitingIsNotMissed() throws Exception {
        Bell bell = new Bell();
        long heard = bell.rings();

        bell.ring();

        assertThat(bell.await(heard, LONG)).isTrue();
        assertThat(bell.await(bell.rings(), Duration.ofMillis(-1))).isFalse();
    }

    @Test
    void whoWaitsIsWoken() throws Exception {
        Bell bell = new Bell();
        long heard = bell.rings();
        var waiting = new FutureTask<>(() -> bell.await(heard, LONG));
        Thread waiter = Thread.ofPlatform().start(waiting);
        while (waiter.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }

        bell.ring();

        assertThat(waiting.get(30, TimeUnit.SECONDS)).isTrue();
    }
}
