package io.panal.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.codec.Codec;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Id;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec;
import io.panal.core.model.Task;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whole machines whose kernels need their time: which of them still send to a task when it is told to end.
class HandoverTest {
    private static final int REPLICAS = 6;
    private static final String WEB = """
            {"Name": "web", "Mode": {"Replicated": {"Replicas": %d}},
             "TaskTemplate": {"ContainerSpec": {"Image": "web:%d"}},
             "UpdateConfig": {"Parallelism": 2, "Order": "%s"},
             "EndpointSpec": {"Ports": [{"TargetPort": 80}]}}
            """;

    private final Id<Service> web = new Id<>("0123456789abcdefghijklmno");
    private final Set<Id<Task>> ended = new TreeSet<>();
    private final List<String> lost = new ArrayList<>();

    @ParameterizedTest(name = "{1}, seed {0}, a kernel {2} times slower")
    @CsvSource({"1, stop-first, 1", "2, start-first, 1", "3, stop-first, 60", "4, start-first, 60", "5, stop-first, 25"
    })
    void aTaskIsToldToEndWhenNoNodeSendsToItAnyMore(long seed, String order, int slowness) {
        World world = new World(seed);
        Swarm swarm = Swarm.of(world, 3, 3);
        ask(swarm, new Command.CreateService(web, spec(REPLICAS, 1, order), ""));
        swarm.settle();
        swarm.machines().getLast().slowDown(slowness);

        ask(swarm, update(swarm, REPLICAS, 2, order));
        watch(swarm, Duration.ofMinutes(2));
        ask(swarm, update(swarm, REPLICAS / 2, 2, order));
        watch(swarm, Duration.ofMinutes(1));

        assertThat(ended).hasSize(REPLICAS + REPLICAS / 2);
        assertThat(lost).isEmpty();
    }

    private static ServiceSpec spec(int replicas, int version, String order) {
        byte[] json = WEB.formatted(replicas, version, order).getBytes(StandardCharsets.UTF_8);
        return Codec.JSON.read(json, ServiceSpec.class);
    }

    private Command update(Swarm swarm, int replicas, int version, String order) {
        long known = swarm.view().services().require(web).meta().version().index();
        return new Command.UpdateService(web, known, spec(replicas, version, order), false, "");
    }

    private static void ask(Swarm swarm, Command command) {
        assertThat(swarm.await(swarm.managers().getFirst(), command)).isInstanceOf(Answer.Done.class);
    }

    /// Looks after each thing that happens who was told to end just now, and which kernels send to it.
    private void watch(Swarm swarm, Duration duration) {
        Map<Id<Task>, String> addresses = new TreeMap<>();
        boolean _ = swarm.world()
                .until(
                        () -> {
                            swarm.view()
                                    .tasksOf(web)
                                    .forEach(task -> task.networksAttachments()
                                            .forEach(own -> addresses.put(
                                                    task.id(),
                                                    own.addresses().getFirst().replaceAll("/.*", ""))));
                            swarm.machines().forEach(machine -> look(swarm, machine, addresses));
                            return false;
                        },
                        duration);
    }

    private void look(Swarm swarm, Machine machine, Map<Id<Task>, String> addresses) {
        for (Id<Task> task : swarm.agentOn(machine).containers().toldToStop()) {
            String ip = addresses.getOrDefault(task, "");
            if (!ip.isEmpty() && ended.add(task)) {
                swarm.machines().stream()
                        .filter(other -> swarm.agentOn(other).containers().sendsTo(ip))
                        .forEach(other -> lost.add("%s sends to %s on %s".formatted(other, task, machine)));
            }
        }
    }
}
