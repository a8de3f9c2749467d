package io.panal.core.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.codec.Codec;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The leader's clock is set while it leads: what waits goes on waiting as long as it was to, and no longer.
class ClockTest {
    private static final Id<Node> WORKER = new Id<>("node1");
    private static final Duration FIFTY_YEARS = Duration.ofDays(50 * 365);

    private final FakeCluster cluster = FakeCluster.of(2);

    private Id<Service> serve(String image, String more) {
        Id<Service> web = cluster.create(FakeCluster.replicated("web", 2, image, more));
        cluster.settle();
        return web;
    }

    private long tasksOf(Id<Service> service) {
        return cluster.view.tasksOf(service).stream()
                .filter(task -> task.desiredState() == TaskState.RUNNING || task.isEnded())
                .count();
    }

    @ParameterizedTest
    @ValueSource(ints = {3_600, -3_600, 40, -40, 2, -2})
    void aNodeIsDownAfterItsOwnSilenceOnly(int seconds) {
        Id<Service> web = serve("web:1", "");
        cluster.nodes.get(WORKER).isUp = false;
        cluster.advance(Duration.ofSeconds(8));

        cluster.setClock(Duration.ofSeconds(seconds));
        cluster.advance(Duration.ofSeconds(3));
        assertThat(cluster.view.nodes().all()).allMatch(node -> node.status().state() == Node.State.READY);

        cluster.advance(Duration.ofSeconds(7));
        assertThat(cluster.view.nodes().all().stream()
                        .filter(node -> node.status().state() == Node.State.DOWN)
                        .map(Node::id))
                .containsExactly(WORKER);
        assertThat(cluster.running(web)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {3_600, -3_600, 3})
    void aReplacementStartsAfterItsDelay(int seconds) {
        Id<Service> web = serve("bad:1", "");
        assertThat(tasksOf(web)).isEqualTo(2);

        cluster.setClock(Duration.ofSeconds(seconds));
        cluster.advance(Duration.ofSeconds(3));
        assertThat(tasksOf(web)).isEqualTo(2);

        cluster.advance(Duration.ofSeconds(4));
        assertThat(tasksOf(web)).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {3_600, -3_600})
    void attemptsWithinTheWindowStayWithinIt(int seconds) {
        Id<Service> web = cluster.create(Codec.JSON.read("""
                {"Name": "web", "Mode": {"Replicated": {"Replicas": 2}},
                 "TaskTemplate": {"ContainerSpec": {"Image": "bad:1"},
                                  "RestartPolicy": {"Delay": 1000000000, "MaxAttempts": 1, "Window": 600000000000}}}
                """.getBytes(StandardCharsets.UTF_8), ServiceSpec.class));
        cluster.settle();
        cluster.advance(Duration.ofSeconds(1));

        cluster.setClock(Duration.ofSeconds(seconds));
        cluster.advance(Duration.ofSeconds(60));

        assertThat(tasksOf(web)).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {3_600, -3_600})
    void anUpdateKeepsItsPauseBetweenSlots(int seconds) {
        String update = ", \"UpdateConfig\": {\"Parallelism\": 1, \"Delay\": 10000000000}";
        Id<Service> web = serve("web:1", update);
        cluster.update(web, FakeCluster.replicated("web", 2, "web:2", update));
        cluster.settle();

        cluster.setClock(Duration.ofSeconds(seconds));
        cluster.advance(Duration.ofSeconds(7));
        assertThat(updated(web)).isEqualTo(1);

        cluster.advance(Duration.ofSeconds(12));
        assertThat(updated(web)).isEqualTo(2);
        assertThat(cluster.service(web).updateStatus().orElseThrow().message()).isEqualTo("update completed");
    }

    private long updated(Id<Service> web) {
        Service service = cluster.service(web);
        return cluster.running(web).stream()
                .filter(task -> task.origin().revision().equals(service.revision()))
                .count();
    }

    @Test
    void aHostThatBeginsIn1970StampsTheRightTimeOnceItKnowsIt() {
        cluster.nodes.get(WORKER).isUp = false;
        serve("web:1", "");
        cluster.advance(Duration.ofSeconds(20));

        cluster.setClock(FIFTY_YEARS);
        cluster.advance(Duration.ofSeconds(5));
        Id<Service> late = cluster.create(FakeCluster.replicated("late", 1, "web:1"));

        assertThat(Duration.between(cluster.service(late).meta().createdAt(), cluster.now))
                .isBetween(Duration.ZERO, Duration.ofSeconds(1));
        assertThat(cluster.view.tasksOn(WORKER)).noneMatch(task -> task.status().state() == TaskState.ORPHANED);
    }

    @Test
    void stampsNeverGoBackAndAreRightAgainLater() {
        Id<Service> web = serve("web:1", "");
        Instant before = cluster.service(web).meta().createdAt();

        cluster.setClock(Duration.ofMinutes(-1));
        Id<Service> next = cluster.create(FakeCluster.replicated("next", 1, "web:1"));
        assertThat(cluster.service(next).meta().createdAt()).isAfter(before);

        cluster.advance(Duration.ofMinutes(9));
        Id<Service> late = cluster.create(FakeCluster.replicated("late", 1, "web:1"));
        assertThat(cluster.service(late).meta().createdAt()).isBeforeOrEqualTo(cluster.now);
        assertThat(cluster.running(web)).hasSize(2).extracting(Task::isEnded).containsOnly(false);
    }
}
