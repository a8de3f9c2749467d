package io.panal.node.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private final Patience patience = new Patience();

    @Test
    void triesThatComeToNothingAreMadeLessOften() {
        assertThat(IntStream.range(0, 7)
                        .mapToObj(_ -> patience.after(Duration.ZERO).toMillis()))
                .containsExactly(200L, 400L, 800L, 1600L, 3000L, 3000L, 3000L);
    }

    @Test
    void aSessionThatEndedAtOnceCameToNothing() {
        Duration _ = patience.after(Duration.ZERO);
        assertThat(patience.after(Duration.ofMillis(20))).hasMillis(400);
    }

    @Test
    void afterASessionThatLastedTheNextIsSoughtAtOnce() {
        Duration _ = patience.after(Duration.ZERO);
        assertThat(patience.after(Duration.ofMinutes(1))).hasMillis(100);
    }
}
