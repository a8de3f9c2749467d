package io.panal.core.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.core.codec.Codec;
import io.panal.core.model.Guest;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.Task;
import io.panal.core.model.TaskSpec;
import io.panal.core.model.TaskState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LastOrdersTest {
    private static final TaskSpec SPEC = Codec.JSON.read(
            "{\"ContainerSpec\": {\"Image\": \"web:1\"}}".getBytes(StandardCharsets.UTF_8), TaskSpec.class);

    private final Random chance = new Random(7);
    private final LastOrders manager = new LastOrders();
    private final LastOrders node = new LastOrders();

    private static Downward carried(Downward word) {
        return Codec.BINARY.read(Codec.BINARY.write(word), Downward.class);
    }

    private Assignments heard(Downward word) {
        return switch (carried(word)) {
            case Downward.Orders whole -> node.heard(whole);
            case Downward.Changes news -> node.heard(news);
            case Downward.Hosted _, Downward.Welcome _, Downward.Released _ ->
                throw new AssertionError("no orders: " + word);
        };
    }

    private Assignments any(long generation) {
        List<NetworkOrders.Overlay> overlays =
                some("net").stream().map(this::overlay).toList();
        List<Assignment> tasks = some("task").stream().map(this::task).toList();
        return new Assignments(
                generation,
                tasks,
                new NetworkOrders("192.168.0.1", 4789, overlays, guests(), List.of()),
                some("manager"),
                Duration.ofSeconds(1 + chance.nextInt(3)),
                chance.nextBoolean() ? Node.Role.MANAGER : Node.Role.WORKER,
                Assignments.Trust.UNSAID);
    }

    private List<Guest> guests() {
        return some("guest").stream()
                .map(id -> Guest.arrived(
                        new Id<>(id),
                        new Id<>("node"),
                        id,
                        new Task.Attachment(new Id<>("net1"), some("10.0.0."), some("name"))))
                .toList();
    }

    private List<String> some(String name) {
        return IntStream.range(0, 8)
                .filter(_ -> chance.nextBoolean())
                .mapToObj(number -> name + number)
                .toList();
    }

    private NetworkOrders.Overlay overlay(String id) {
        return new NetworkOrders.Overlay(
                new Id<>(id),
                "app",
                4097,
                List.of(),
                chance.nextInt(2),
                false,
                chance.nextBoolean(),
                Optional.empty(),
                "10.0.1.2/24",
                some("10.0.1.1").stream()
                        .map(ip -> new NetworkOrders.Peer(ip, "192.168.0." + chance.nextInt(3)))
                        .toList(),
                some("service").stream().map(this::balanced).toList(),
                some("named").stream()
                        .map(ip -> new NetworkOrders.Named(ip, some("name")))
                        .toList());
    }

    private NetworkOrders.Balanced balanced(String id) {
        return new NetworkOrders.Balanced(
                new Id<>(id),
                "web",
                List.of(),
                "10.0.1.9",
                some("web.1.").stream()
                        .map(name -> new NetworkOrders.Backend(name, "10.0.1.3", List.of()))
                        .toList(),
                List.of());
    }

    private Assignment task(String id) {
        return new Assignment(
                new Id<>(id),
                1,
                chance.nextBoolean() ? TaskState.RUNNING : TaskState.READY,
                new Assignment.ServiceIdentity(new Id<>("service1"), "web", Map.of()),
                SPEC,
                List.of(),
                List.of(),
                false,
                false,
                Map.of(),
                "");
    }

    @Test
    void aNodeHasWhatTheManagerToldWhateverChanged() {
        for (int generation = 1; generation <= 500; generation++) {
            Assignments told = any(generation);
            assertThat(heard(manager.told("session", told))).isEqualTo(told);
        }
    }

    @Test
    void aChangeOfOneServiceIsSmall() {
        List<NetworkOrders.Balanced> many = IntStream.range(1_000, 3_000)
                .mapToObj(number -> balanced("service" + number))
                .toList();
        Assignments first = with(1, many);
        List<NetworkOrders.Balanced> next = new ArrayList<>(many);
        next.set(500, balanced("service1500"));
        int whole = Codec.BINARY.write(manager.told("session", first)).length;
        int change = Codec.BINARY.write(manager.told("session", with(2, next))).length;

        assertThat(whole).isGreaterThan(100_000);
        assertThat(change).isLessThan(2_000);
    }

    private Assignments with(long generation, List<NetworkOrders.Balanced> services) {
        NetworkOrders.Overlay overlay = new NetworkOrders.Overlay(
                new Id<>("net1"),
                "app",
                4097,
                List.of(),
                0,
                false,
                false,
                Optional.empty(),
                "",
                List.of(),
                services,
                List.of());
        return new Assignments(
                generation,
                List.of(),
                new NetworkOrders("192.168.0.1", 4789, List.of(overlay), List.of(), List.of()),
                List.of(),
                Duration.ofSeconds(5),
                Node.Role.WORKER,
                Assignments.Trust.UNSAID);
    }

    @Test
    void changesOfOrdersThatANodeDoesNotHaveAreRefused() {
        heard(manager.told("session", any(1)));
        Downward lost = manager.told("session", any(2));
        assertThat(lost).isInstanceOf(Downward.Changes.class);

        Downward next = manager.told("session", any(3));
        assertThatThrownBy(() -> heard(next))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("does not have");
    }
}
