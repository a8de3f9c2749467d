package io.panal.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.codec.Codec;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.model.TaskSpec;
import io.panal.core.model.TaskState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Id<Task> TASK = new Id<>("task1");

    private final Agent agent = new Agent();
    private Instant now = NOW;
    private long generation;

    private List<String> on(AgentEvent event) {
        List<String> said = new ArrayList<>();
        for (AgentEffect effect : agent.on(event, now)) {
            said.add(
                    switch (effect) {
                        case AgentEffect.Connect _ -> "connect";
                        case AgentEffect.Acknowledge(String _, long done) -> "acknowledge " + done;
                        case AgentEffect.Prepare(Assignment order) -> "prepare " + order.task();
                        case AgentEffect.Start(Id<Task> id, String container) -> "start " + container;
                        case AgentEffect.Stop(Id<Task> id, String container, String signal, Duration grace) ->
                            "stop " + container + " " + grace.toSeconds();
                        case AgentEffect.Remove(Id<Task> id, String container) -> "remove " + container;
                        case AgentEffect.Tell(String session, List<Report> reports) ->
                            "tell " + reports.getFirst().status().state().word() + " "
                                    + reports.getFirst().status().err();
                    });
        }
        return said.stream().map(String::strip).toList();
    }

    /// The time goes on, and with it comes the hour the agent asked for, if it did.
    private List<String> after(Duration pause) {
        Instant then = now.plus(pause);
        List<String> said = new ArrayList<>();
        for (Instant at = agent.wakeAt().orElse(Instant.MAX);
                !at.isAfter(then);
                at = agent.wakeAt().orElse(Instant.MAX)) {
            now = at.isAfter(now) ? at : now;
            said.addAll(on(new AgentEvent.Woken()));
        }
        now = then;
        return said;
    }

    private AgentEvent ordered(TaskState... desired) {
        List<Assignment> tasks = new ArrayList<>();
        for (TaskState each : desired) {
            TaskSpec spec = Codec.JSON.read(
                    "{\"ContainerSpec\":{\"Image\":\"web\",\"StopGracePeriod\":3000000000}}"
                            .getBytes(StandardCharsets.UTF_8),
                    TaskSpec.class);
            tasks.add(new Assignment(
                    TASK,
                    1,
                    each,
                    new Assignment.ServiceIdentity(new Id<Service>("s1"), "web", Map.of()),
                    spec,
                    List.of(),
                    List.of(),
                    false,
                    false,
                    Map.of(),
                    ""));
        }
        return new AgentEvent.Ordered(
                "session1",
                new Assignments(
                        ++generation,
                        tasks,
                        NetworkOrders.NONE,
                        List.of(),
                        Duration.ofSeconds(5),
                        Node.Role.WORKER,
                        Assignments.Trust.UNSAID));
    }

    private void running() {
        on(new AgentEvent.Found(List.of()));
        on(new AgentEvent.SessionOpened("session1"));
        on(ordered(TaskState.RUNNING));
        on(new AgentEvent.Prepared(TASK, "c1"));
        on(new AgentEvent.Started(TASK, 7));
        after(Duration.ofSeconds(1));
    }

    @Test
    void aTaskIsPreparedAndStartedAndToldOfWhenItRuns() {
        on(new AgentEvent.SessionOpened("session1"));

        assertThat(on(ordered(TaskState.RUNNING))).containsExactly("connect", "prepare task1");
        assertThat(on(new AgentEvent.Prepared(TASK, "c1"))).containsExactly("start c1");
        assertThat(on(new AgentEvent.Started(TASK, 7))).containsExactly("tell running");
        assertThat(after(Duration.ofHours(1))).isEmpty();
    }

    @Test
    void aStepThatLastsIsToldOf() {
        on(new AgentEvent.SessionOpened("session1"));
        on(ordered(TaskState.RUNNING));

        assertThat(after(Duration.ofSeconds(3))).containsExactly("tell preparing");
        on(new AgentEvent.Prepared(TASK, "c1"));
        assertThat(after(Duration.ofSeconds(3))).containsExactly("tell starting");
        assertThat(on(new AgentEvent.Started(TASK, 7))).containsExactly("tell running");
    }

    @Test
    void whatHappensInABurstIsToldTogether() {
        running();
        on(ordered(TaskState.SHUTDOWN));
        on(new AgentEvent.SessionOpened("session2"));

        assertThat(on(new AgentEvent.Exited(TASK, 143))).isEmpty();
        assertThat(after(Duration.ofMillis(100))).containsExactly("tell shutdown");
    }

    @ParameterizedTest
    @ValueSource(ints = {3_600, -3_600})
    void aClockThatIsSetKeepsNoNewsWaitingAndHastensNone(int seconds) {
        on(new AgentEvent.SessionOpened("session1"));
        on(ordered(TaskState.RUNNING));
        Duration by = Duration.ofSeconds(seconds);
        now = now.plus(by);

        assertThat(on(new AgentEvent.ClockJumped(by))).isEmpty();
        assertThat(after(Duration.ofMillis(150))).isEmpty();
        assertThat(after(Duration.ofMillis(150))).containsExactly("tell preparing");
    }

    @Test
    void aTaskWantedReadyWaitsForItsStart() {
        on(new AgentEvent.SessionOpened("session1"));
        on(ordered(TaskState.READY));

        assertThat(on(new AgentEvent.Prepared(TASK, "c1"))).containsExactly("tell ready");
        assertThat(on(ordered(TaskState.RUNNING))).containsExactly("start c1");
    }

    @Test
    void aTaskWantedShutDownIsStoppedWithItsOwnGrace() {
        running();

        assertThat(on(ordered(TaskState.SHUTDOWN))).containsExactly("stop c1 3");
        assertThat(on(new AgentEvent.Exited(TASK, 143))).containsExactly("tell shutdown");
    }

    @Test
    void aContainerThatEndsByItselfIsToldWithItsExitCode() {
        running();

        assertThat(on(new AgentEvent.Exited(TASK, 9))).containsExactly("tell failed task: non-zero exit (9)");
    }

    private void warming() {
        on(new AgentEvent.Found(List.of()));
        on(new AgentEvent.SessionOpened("session1"));
        on(ordered(TaskState.RUNNING));
        on(new AgentEvent.Prepared(TASK, "c1"));
        on(new AgentEvent.Warming(TASK, 7));
    }

    @Test
    void aTaskWithAHealthCheckRunsOnceItIsHealthy() {
        warming();

        assertThat(on(new AgentEvent.Healthy(TASK))).containsExactly("tell running");
        assertThat(on(new AgentEvent.Healthy(TASK))).isEmpty();
    }

    @Test
    void aTaskThatIsNotYetHealthyCanBeStopped() {
        warming();

        assertThat(on(ordered(TaskState.SHUTDOWN))).containsExactly("stop c1 3");
        assertThat(on(new AgentEvent.Unhealthy(TASK))).isEmpty();
        assertThat(on(new AgentEvent.Exited(TASK, 143))).containsExactly("tell shutdown");
    }

    @Test
    void anUnhealthyTaskIsEndedAndFails() {
        running();

        assertThat(on(new AgentEvent.Unhealthy(TASK))).containsExactly("stop c1 3");
        assertThat(on(new AgentEvent.Unhealthy(TASK))).isEmpty();
        assertThat(on(new AgentEvent.Exited(TASK, 137)))
                .containsExactly("tell failed task: non-zero exit (137): dockerexec: unhealthy container");
    }

    @Test
    void anUnhealthyTaskFailsEvenIfItEndsInGoodOrder() {
        warming();
        on(new AgentEvent.Unhealthy(TASK));

        assertThat(on(new AgentEvent.Exited(TASK, 0))).containsExactly("tell failed dockerexec: unhealthy container");
    }

    @Test
    void aContainerFoundUnhealthyIsEndedOnceOrdersCome() {
        on(new AgentEvent.Found(
                List.of(new AgentEvent.FoundTask(TASK, "c1", AgentEvent.FoundTask.Condition.UNHEALTHY, 7, 0))));
        on(new AgentEvent.SessionOpened("session1"));

        assertThat(on(ordered(TaskState.RUNNING))).containsExactly("connect", "stop c1 3");
    }

    @Test
    void aKernelThatIsAsOrderedIsAcknowledgedInItsOwnSessionAlone() {
        on(new AgentEvent.SessionOpened("session1"));
        assertThat(on(ordered(TaskState.READY))).contains("connect");
        assertThat(on(ordered(TaskState.READY))).doesNotContain("connect");

        assertThat(on(new AgentEvent.Connected("session1", 1))).containsExactly("acknowledge 1");

        on(new AgentEvent.SessionOpened("session2"));
        assertThat(on(new AgentEvent.Connected("session1", 2))).isEmpty();
    }

    @Test
    void anEndThatComesBeforeTheStartIsToldOfStaysTheEnd() {
        on(new AgentEvent.SessionOpened("session1"));
        on(ordered(TaskState.RUNNING));
        on(new AgentEvent.Prepared(TASK, "c1"));

        assertThat(on(new AgentEvent.Exited(TASK, 1))).containsExactly("tell failed task: non-zero exit (1)");
        assertThat(on(new AgentEvent.Started(TASK, 7))).isEmpty();
    }

    @Test
    void whatCannotBePreparedIsRejectedWithTheReason() {
        on(new AgentEvent.SessionOpened("session1"));
        on(ordered(TaskState.RUNNING));

        assertThat(on(new AgentEvent.Failed(TASK, "No such image: x")))
                .containsExactly("tell rejected No such image: x");
    }

    @Test
    void ordersThatAreRepeatedOrOldChangeNothing() {
        running();
        long last = generation;
        assertThat(on(ordered(TaskState.RUNNING))).isEmpty();

        generation = last - 1;
        assertThat(on(ordered(TaskState.SHUTDOWN))).isEmpty();
    }

    @Test
    void whatIsFoundGoesOnUntilTheFirstOrdersAndIsThenAdopted() {
        List<String> untouched = on(new AgentEvent.Found(
                List.of(new AgentEvent.FoundTask(TASK, "c1", AgentEvent.FoundTask.Condition.RUNNING, 7, 0))));
        on(new AgentEvent.SessionOpened("session1"));

        assertThat(untouched).isEmpty();
        assertThat(on(ordered(TaskState.RUNNING))).containsExactly("connect", "tell running");
    }

    @Test
    void whatNoOrderNamesIsEndedAndTakenAway() {
        running();

        assertThat(on(ordered())).containsExactly("stop c1 10");
        assertThat(on(new AgentEvent.Exited(TASK, 0))).containsExactly("remove c1", "tell shutdown");
        assertThat(on(new AgentEvent.Removed(TASK))).isEmpty();
    }

    @Test
    void aTaskNoLongerWantedWhileItIsPreparedIsTakenAwayWhenThatIsDone() {
        on(new AgentEvent.SessionOpened("session1"));
        on(ordered(TaskState.RUNNING));

        assertThat(on(ordered(TaskState.SHUTDOWN))).isEmpty();
        assertThat(on(new AgentEvent.Prepared(TASK, "c1"))).containsExactly("remove c1", "tell shutdown");
    }

    @Test
    void aNewSessionIsToldEverythingOnceMore() {
        running();

        assertThat(on(new AgentEvent.SessionOpened("session2"))).containsExactly("tell running");
    }
}
