package io.panal.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.model.Id;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.model.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NewsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Duration STEP_IS_TOLD = Duration.ofMillis(200);

    private final News news = new News();
    private Instant now = NOW;

    private static Id<Task> task(int number) {
        return new Id<>("task%03d".formatted(number));
    }

    private void becomes(int number, TaskState state) {
        news.add(task(number), TaskStatus.of(now, state, ""));
    }

    private void prepare(int tasks) {
        for (int number = 0; number < tasks; number++) {
            becomes(number, TaskState.PREPARING);
        }
        now = now.plus(STEP_IS_TOLD);
        assertThat(news.take(now)).hasSize(tasks);
    }

    private Duration untilTold() {
        return Duration.between(now, news.dueAt().orElseThrow());
    }

    @Test
    void theMoreTasksAreOnTheirWayTheLongerABurstIsThatIsToldTogether() {
        prepare(31);
        becomes(0, TaskState.RUNNING);
        assertThat(untilTold()).isEqualTo(Duration.ofMillis(90));
        now = now.plusMillis(89);
        assertThat(news.take(now)).isEmpty();
        becomes(1, TaskState.RUNNING);
        assertThat(news.take(now.plusMillis(1))).containsExactly(task(0), task(1));
    }

    @Test
    void noBurstIsLongerThanASixthOfASecondNorShorterThanATwentyFifth() {
        prepare(1_000);
        becomes(0, TaskState.RUNNING);
        assertThat(untilTold()).isEqualTo(Duration.ofMillis(160));
        for (int number = 1; number < 999; number++) {
            becomes(number, TaskState.RUNNING);
        }
        assertThat(untilTold()).isEqualTo(Duration.ofMillis(40));
    }

    @Test
    void anEndWaitsForNoStartAndTakesTheRestAlong() {
        prepare(50);
        becomes(0, TaskState.RUNNING);
        becomes(1, TaskState.FAILED);
        assertThat(untilTold()).isEqualTo(Duration.ofMillis(40));
        assertThat(news.take(now.plusMillis(40))).containsExactly(task(0), task(1));
    }

    @Test
    void whatEndedBeforeItsStartWasToldOfIsAsUrgentAsAnEnd() {
        prepare(50);
        becomes(0, TaskState.FAILED);
        becomes(0, TaskState.RUNNING);
        assertThat(untilTold()).isEqualTo(Duration.ofMillis(40));
    }

    @Test
    void tasksThatAreGoneMakeNobodyWait() {
        prepare(50);
        for (int number = 1; number < 50; number++) {
            news.remove(task(number));
        }
        becomes(0, TaskState.RUNNING);
        assertThat(untilTold()).isEqualTo(Duration.ofMillis(40));
    }

    @Test
    void afterAPauseNothingWaitsHoweverManyAreOnTheirWay() {
        prepare(50);
        now = now.plusSeconds(1);
        List<Id<Task>> told = new ArrayList<>();
        becomes(7, TaskState.RUNNING);
        told.addAll(news.take(now));
        assertThat(told).containsExactly(task(7));
    }
}
