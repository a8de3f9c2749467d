package io.panal.core.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.manager.control.Command;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec;
import io.panal.core.model.ServiceSpec.Mode;
import io.panal.core.model.Task;
import io.panal.core.store.Batch;
import io.panal.core.store.Snapshot;
import io.panal.core.store.View;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// First faults, with everything that must always hold; then none, and the cluster comes to what its specs say.
class FaultsTest {
    private static final String PORT = ", \"EndpointSpec\": {\"Ports\": [{\"TargetPort\": 80}]}";
    private static final String FIRST =
            ", \"UpdateConfig\": {\"Parallelism\": 2, \"Order\": \"start-first\", \"FailureAction\": \"continue\"}";
    private static final String STOP = ", \"UpdateConfig\": {\"Parallelism\": 2, \"FailureAction\": \"continue\"}";

    private final FakeCluster cluster = FakeCluster.of(4);
    private View last = cluster.view;
    private int names;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void afterAnyFaultsTheClusterIsAsItWasAsked(long seed) {
        SplittableRandom chance = new SplittableRandom(seed);
        cluster.check = view -> {
            Invariants.check(last, view);
            last = view;
        };
        for (int step = 0; step < 40; step++) {
            happen(chance);
            if (chance.nextInt(3) > 0) {
                cluster.advance(Duration.ofMillis(chance.nextInt(8_000)));
            }
        }
        heal();
        cluster.advance(Duration.ofMinutes(3));

        cluster.view.services().all().forEach(this::isAsAsked);
        assertThat(cluster.view.tasks().all().stream()
                        .filter(task ->
                                cluster.view.services().find(task.serviceId()).isEmpty()))
                .isEmpty();
        isTheSameWhenReplayed();
    }

    private void happen(SplittableRandom chance) {
        List<Service> services = List.copyOf(cluster.view.services().all());
        Optional<Service> some =
                services.isEmpty() ? Optional.empty() : Optional.of(services.get(chance.nextInt(services.size())));
        List<FakeNode> nodes = List.copyOf(cluster.nodes.values());
        FakeNode node = nodes.get(chance.nextInt(nodes.size()));
        switch (chance.nextInt(13)) {
            case 0, 1 -> create(chance);
            case 2, 3, 4 -> some.ifPresent(service -> update(service, chance));
            case 5 ->
                some.filter(_ -> services.size() > 3)
                        .ifPresent(service -> cluster.ask(new Command.RemoveService(service.id())));
            case 6 -> node.isUp = false;
            case 7, 8 -> revive(node);
            case 9 -> cluster.updateNode(node.id, Node.Availability.values()[chance.nextInt(3)]);
            case 10 -> crash(node, chance);
            case 11 -> cluster.changeLeader();
            case 12 -> {
                cluster.fate = chance.nextBoolean() ? FakeCluster.Fate.LOST : FakeCluster.Fate.UNHEARD;
                if (chance.nextBoolean()) {
                    create(chance);
                } else {
                    crash(node, chance);
                    cluster.settle();
                }
                if (chance.nextBoolean()) {
                    cluster.changeLeader();
                }
            }
            default -> throw new IllegalStateException();
        }
    }

    private void create(SplittableRandom chance) {
        names++;
        String order = chance.nextBoolean() ? "first" : "stop";
        String name = order + names;
        String more = (order.equals("first") ? FIRST : STOP) + (chance.nextBoolean() ? PORT : "");
        cluster.tryCreate(
                chance.nextInt(4) == 0
                        ? FakeCluster.spec(name, "web:1", "{\"Global\": {}}", more)
                        : FakeCluster.replicated(name, chance.nextInt(6), "web:1", more));
    }

    private void update(Service service, SplittableRandom chance) {
        String image = (chance.nextInt(5) == 0 ? "bad:" : "web:") + chance.nextInt(3);
        cluster.update(service.id(), spec(service, image, chance.nextInt(6), chance.nextBoolean() ? PORT : ""));
    }

    private static ServiceSpec spec(Service service, String image, int replicas, String ports) {
        String name = service.spec().name();
        String more = (name.startsWith("first") ? FIRST : STOP) + ports;
        return service.spec().mode() instanceof Mode.Global
                ? FakeCluster.spec(name, image, "{\"Global\": {}}", more)
                : FakeCluster.replicated(name, replicas, image, more);
    }

    private void revive(FakeNode node) {
        if (!node.isUp) {
            cluster.reopen(node);
        }
    }

    private void crash(FakeNode node, SplittableRandom chance) {
        List<Task> tasks = cluster.view.tasksOn(node.id).stream()
                .filter(Task::isLive)
                .filter(Task::isAssigned)
                .toList();
        if (node.isUp && !tasks.isEmpty()) {
            node.crashTask(tasks.get(chance.nextInt(tasks.size())).id(), cluster.now);
            cluster.hear(new ManagerEvent.Reported(node.id, node.session, node.everything()));
        }
    }

    private void heal() {
        List.copyOf(cluster.nodes.values()).forEach(this::revive);
        for (Id<Node> id : List.copyOf(cluster.nodes.keySet())) {
            cluster.updateNode(id, Node.Availability.ACTIVE);
        }
        for (Service service : List.copyOf(cluster.view.services().all())) {
            if (FakeCluster.imageOf(service).startsWith("bad")) {
                cluster.update(service.id(), spec(service, "web:9", 3, ""));
            }
        }
    }

    private void isAsAsked(Service service) {
        List<Task> running = cluster.running(service.id());
        String image = FakeCluster.imageOf(service);
        assertThat(running)
                .as("%s", service)
                .hasSize(
                        switch (service.spec().mode()) {
                            case Mode.Replicated replicated -> (int) replicated.count();
                            case Mode.Global _ -> cluster.nodes.size();
                            case Mode.ReplicatedJob _, Mode.GlobalJob _ -> 0;
                        })
                .allMatch(task -> FakeCluster.image(task, cluster.view).equals(image));
        long really =
                cluster.nodes.values().stream().mapToLong(FakeNode::running).sum();
        assertThat(really)
                .isEqualTo(cluster.view.services().all().stream()
                        .mapToLong(each -> cluster.running(each.id()).size())
                        .sum());
        service.updateStatus()
                .ifPresent(status -> assertThat(status.state())
                        .as("%s", service)
                        .isIn(Service.UpdateState.COMPLETED, Service.UpdateState.ROLLBACK_COMPLETED));
    }

    private void isTheSameWhenReplayed() {
        View replayed = View.EMPTY;
        for (Batch batch : cluster.log) {
            replayed = replayed.after(batch);
        }
        assertThat(Snapshot.write(replayed)).isEqualTo(Snapshot.write(cluster.view));
    }
}
