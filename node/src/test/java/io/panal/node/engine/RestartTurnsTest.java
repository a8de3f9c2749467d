package io.panal.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestartTurnsTest {
    private final RestartTurns turns = new RestartTurns();

    @Test
    void thePausesDoubleFromATenthOfASecondToAMinute() {
        List<Long> pauses = new ArrayList<>();
        RestartTurns.Turn turn = RestartTurns.Turn.NONE;
        for (int start = 1; start <= 12; start++) {
            turn = turn.next(false);
            pauses.add(turn.pause().toMillis());
        }

        assertThat(pauses)
                .containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 12800L, 25600L, 51200L, 60000L, 60000L);
        assertThat(turn.count()).isEqualTo(12);
        assertThat(turn.next(true).pause()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void aRefusedStartIsFollowedByAnother() {
        RestartTurns.Turn first = RestartTurns.Turn.NONE.next(false);
        turns.put("c", first);
        RestartTurns.Turn begun = turns.begin("c", first).orElseThrow();

        assertThat(turns.again("c", begun)).contains(new RestartTurns.Turn(Duration.ofMillis(200), 2, true));
        assertThat(turns.of("c").pending()).isTrue();
    }

    @Test
    void noStartFollowsATurnThatWasTakenAwayBeforeOrDuringIt() {
        RestartTurns.Turn first = RestartTurns.Turn.NONE.next(false);
        turns.put("before", first);
        turns.forget("before");
        turns.put("during", first);
        RestartTurns.Turn begun = turns.begin("during", first).orElseThrow();
        turns.forget("during");

        assertThat(turns.begin("before", first)).isEmpty();
        assertThat(turns.again("during", begun)).isEmpty();
        assertThat(turns.of("during")).isEqualTo(RestartTurns.Turn.NONE);
    }
}
