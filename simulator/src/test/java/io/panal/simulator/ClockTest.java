package io.panal.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.codec.Codec;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The clock of a host is set while a swarm works, and set right again a minute later.
class ClockTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int REPLICAS = 6;

    private final World world = new World(5);
    private final Swarm swarm = Swarm.of(world, 3, 2);
    private final Id<Service> web = new Id<>("0123456789abcdefghijklmno");

    @ParameterizedTest(name = "the clock of {0} is set by {1} s")
    @CsvSource({
        "leader, 3600",
        "leader, -3600",
        "docker-swarm-manager-2, 3600",
        "docker-swarm-manager-2, -3600",
        "docker-swarm-worker-1, 3600",
        "docker-swarm-worker-1, -3600"
    })
    void nothingIsRestartedAndUpdatesGoOn(String whose, long seconds) {
        Machine machine = swarm.machine(whose).orElseThrow();
        ask(new Command.CreateService(web, spec(1), ""));
        swarm.settle();
        Set<Id<Task>> before = running();

        machine.misadjust(Duration.ofSeconds(seconds));
        world.advance(MINUTE);
        assertThat(running()).isEqualTo(before).hasSize(REPLICAS);
        assertAllAreReady();

        update(2);
        world.advance(MINUTE);
        assertUpdated();

        machine.misadjust(Duration.ZERO);
        update(3);
        world.advance(MINUTE);
        assertUpdated();
        assertAllAreReady();
        assertThat(Wishes.open(swarm)).isEmpty();
    }

    private void update(int version) {
        long known = swarm.view().services().require(web).meta().version().index();
        ask(new Command.UpdateService(web, known, spec(version), false, ""));
    }

    private void assertUpdated() {
        Service service = swarm.view().services().require(web);
        assertThat(service.updateStatus().orElseThrow().message()).isEqualTo("update completed");
        List<Task> live = swarm.view().tasksOf(web).stream()
                .filter(task -> task.status().state() == TaskState.RUNNING)
                .toList();
        assertThat(live)
                .hasSize(REPLICAS)
                .allMatch(task -> task.origin().revision().equals(service.revision()));
    }

    private void assertAllAreReady() {
        assertThat(swarm.view().nodes().all()).allMatch(node -> node.status().state() == Node.State.READY);
    }

    private Set<Id<Task>> running() {
        return swarm.running().stream().collect(Collectors.toSet());
    }

    private static ServiceSpec spec(int version) {
        byte[] json = """
                {"Name": "web", "Mode": {"Replicated": {"Replicas": %d}},
                 "TaskTemplate": {"ContainerSpec": {"Image": "web:%d"}},
                 "UpdateConfig": {"Parallelism": 2, "Delay": 5000000000, "Monitor": 5000000000},
                 "EndpointSpec": {"Ports": [{"TargetPort": 80}]}}
                """.formatted(REPLICAS, version).getBytes(StandardCharsets.UTF_8);
        return Codec.JSON.read(json, ServiceSpec.class);
    }

    private void ask(Command command) {
        assertThat(swarm.await(swarm.managers().getFirst(), command)).isInstanceOf(Answer.Done.class);
    }
}
