package io.panal.core.manager.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.Jumps;
import io.panal.core.codec.Codec;
import io.panal.core.manager.turn.Limits;
import io.panal.core.manager.turn.Moment;
import io.panal.core.manager.turn.Names;
import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Id;
import io.panal.core.model.Meta;
import io.panal.core.model.Node;
import io.panal.core.model.PortConfig;
import io.panal.core.model.Revision;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.model.TaskSpec;
import io.panal.core.model.TaskState;
import io.panal.core.model.TaskStatus;
import io.panal.core.store.Batch;
import io.panal.core.store.Change;
import io.panal.core.store.View;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final long GIB = 1L << 30;

    private final List<Change> state = new ArrayList<>();

    private void node(String id, String rack) {
        node(id, rack, Node.Availability.ACTIVE);
    }

    private void node(String id, String rack, Node.Availability availability) {
        state.add(new Change.Put(Node.admitted(new Id<>(id), Node.Role.WORKER, "")
                .respecified(new Node.NodeSpec("", Map.of("rack", rack), Node.Role.WORKER, availability))
                .registered(
                        new Node.Description(
                                id,
                                new TaskSpec.Platform("x86_64", "linux"),
                                new TaskSpec.Resources(4_000_000_000L, 8 * GIB, List.of()),
                                new Node.Engine("28", Map.of(), List.of()),
                                new Node.TlsInfo("", "", ""),
                                List.of()),
                        "10.9.9.9")));
    }

    private void service(String name, String task, PortConfig... hostPorts) {
        TaskSpec spec = Codec.JSON.read(
                "{\"ContainerSpec\": {\"Image\": \"web:1\"}%s}".formatted(task).getBytes(StandardCharsets.UTF_8),
                TaskSpec.class);
        state.add(new Change.Put(
                new Revision(new Id<>(name), Meta.UNSTAMPED, new Id<>(name), spec, List.of(hostPorts), "")));
    }

    private static Task task(String service, int slot) {
        return Task.created(
                        new Id<>("%s%04d".formatted(service, slot)),
                        new Task.Origin(new Id<Service>(service), slot, new Id<>(service), 0),
                        TaskState.RUNNING,
                        NOW)
                .allocated(List.of(), NOW);
    }

    private void waiting(String service, int tasks) {
        for (int slot = 1; slot <= tasks; slot++) {
            state.add(new Change.Put(task(service, slot)));
        }
    }

    private void running(String service, int slot, String node) {
        state.add(new Change.Put(task(service, slot).assignedTo(new Id<>(node), NOW)));
    }

    private View scheduled() {
        View view = View.EMPTY.after(new Batch(NOW, state));
        Turn turn = new Turn(view, new Moment(NOW, Jumps.NONE), new Names(1), Limits.DEFAULT);
        Scheduler.reconcile(turn);
        return turn.view();
    }

    /// How many tasks of a service each node has: `a=2 b=1`.
    private static String spread(View view, String service) {
        return view.tasksOf(new Id<>(service)).stream()
                .flatMap(task -> task.nodeId().stream())
                .collect(Collectors.groupingBy(Id::value, java.util.TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(Object::toString)
                .collect(Collectors.joining(" "));
    }

    private static Optional<String> why(View view, String service) {
        return view.tasksOf(new Id<>(service)).stream()
                .map(task -> task.status().err())
                .filter(err -> !err.isEmpty())
                .findFirst();
    }

    @Test
    void theFewestOfTheServiceComeFirstThenTheFewestInAll() {
        node("a", "1");
        node("b", "1");
        node("c", "1");
        service("other", "");
        running("other", 1, "a");
        running("other", 2, "a");
        running("other", 3, "b");
        service("web", "");
        waiting("web", 4);

        assertThat(spread(scheduled(), "web")).isEqualTo("a=1 b=1 c=2");
    }

    @Test
    void aPreferenceBalancesOverItsLabel() {
        node("a", "1");
        node("b", "2");
        node("c", "2");
        node("d", "2");
        service(
                "web",
                ", \"Placement\": {\"Preferences\": [{\"Spread\": {\"SpreadDescriptor\": \"node.labels.rack\"}}]}");
        waiting("web", 6);

        assertThat(spread(scheduled(), "web")).isEqualTo("a=3 b=1 c=1 d=1");
    }

    @Test
    void reservationsAreNeverExceeded() {
        node("a", "1");
        node("b", "1");
        service("web", ", \"Resources\": {\"Reservations\": {\"MemoryBytes\": %d}}".formatted(3 * GIB));
        waiting("web", 5);

        View view = scheduled();

        assertThat(spread(view, "web")).isEqualTo("a=2 b=2");
        assertThat(why(view, "web")).contains("no suitable node (insufficient resources on 2 nodes)");
    }

    @Test
    void theMostFrequentReasonIsToldFirst() {
        node("a", "1", Node.Availability.PAUSE);
        node("b", "1");
        node("c", "1");
        service("web", ", \"Placement\": {\"Constraints\": [\"node.labels.rack==2\"]}");
        waiting("web", 1);

        assertThat(why(scheduled(), "web"))
                .contains("no suitable node (scheduling constraints not satisfied on 2 nodes;"
                        + " 1 node not available for new tasks)");
    }

    @Test
    void aHostPortIsTakenOnceOnEachNode() {
        node("a", "1");
        node("b", "1");
        service("web", "", new PortConfig("", PortConfig.Protocol.TCP, 80, 8080, PortConfig.PublishMode.HOST));
        waiting("web", 3);

        View view = scheduled();

        assertThat(spread(view, "web")).isEqualTo("a=1 b=1");
        assertThat(why(view, "web")).contains("no suitable node (host-mode port already in use on 2 nodes)");
    }

    @Test
    void noNodeTakesMoreReplicasThanAllowed() {
        node("a", "1");
        node("b", "1");
        service("web", ", \"Placement\": {\"MaxReplicas\": 2}");
        waiting("web", 6);

        View view = scheduled();

        assertThat(spread(view, "web")).isEqualTo("a=2 b=2");
        assertThat(why(view, "web")).contains("no suitable node (max replicas per node limit exceed)");
    }

    @Test
    void anImageForAnotherPlatformFitsNowhere() {
        node("a", "1");
        service("web", ", \"Placement\": {\"Platforms\": [{\"Architecture\": \"arm64\", \"OS\": \"linux\"}]}");
        waiting("web", 1);

        assertThat(why(scheduled(), "web")).contains("no suitable node (unsupported platform on 1 node)");
    }

    @Test
    void aNodeWhereTheServiceFailedOftenIsTriedLast() {
        node("a", "1");
        node("b", "1");
        service("web", "");
        running("web", 9, "b");
        for (int slot = 10; slot < 13; slot++) {
            state.add(new Change.Put(task("web", slot)
                    .assignedTo(new Id<>("a"), NOW)
                    .wanted(TaskState.SHUTDOWN)
                    .seen(TaskStatus.of(NOW, TaskState.FAILED, "started"))));
        }
        state.add(new Change.Put(task("web", 1)));

        assertThat(scheduled().tasks().require(new Id<>("web0001")).nodeId()).contains(new Id<>("b"));
    }

    @Test
    void withoutNodesThereIsNoSuitableNode() {
        service("web", "");
        waiting("web", 1);

        assertThat(why(scheduled(), "web")).contains("no suitable node");
    }
}
