package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What goes wrong, and what stays right.
@ExtendWith(SharedCluster.class)
class FaultIT {
    private static final int PORT = 8123;
    private static final String NAME = "kept";

    private final Cluster cluster;
    private final Place place;

    FaultIT(Cluster cluster) {
        this.cluster = cluster;
        this.place = cluster.place();
    }

    @AfterEach
    void makeWhole() {
        for (String machine : Cluster.MACHINES) {
            if (!place.machine("status", machine).must().equals("Running")) {
                place.machine("start", machine).must();
            }
        }
        cluster.awaitWhole();
        cluster.remove(NAME);
    }

    @Test
    void aKilledLeaderIsReplacedAndNothingAcknowledgedIsLost() {
        String leader = cluster.leader();
        String other = Cluster.otherManager(leader);
        create("--constraint", "node.role==worker", "--replicas", "2");

        place.machine("kill", leader).must();

        Eventually.holds(
                "another leader",
                () -> place.docker(other, "node", "ls", "--format", "{{.Hostname}} {{.ManagerStatus}}")
                        .out(),
                said -> said.contains(" Leader") && !said.contains(leader + " Leader"));
        assertThat(place.docker(other, "service", "inspect", "--format", "{{.Spec.Name}}", NAME)
                        .must())
                .isEqualTo(NAME);
        Eventually.asserted(
                () -> place.docker(other, "service", "scale", "-d", NAME + "=3").must());
        Eventually.is(
                "tasks",
                "3/3",
                () -> place.docker(other, "service", "ls", "--filter", "name=" + NAME, "--format", "{{.Replicas}}")
                        .out()
                        .strip());
        place.machine("start", leader).must();
        cluster.awaitWhole();
        assertThat(place.docker(leader, "service", "ls", "--filter", "name=" + NAME, "--format", "{{.Replicas}}")
                        .must())
                .isEqualTo("3/3");
    }

    @Test
    void noRequestFailsWhileTheLeaderDiesAndEachIsDoneOnce() throws Exception {
        String leader = cluster.leader();
        List<String> others = Cluster.MANAGERS.stream()
                .filter(manager -> !manager.equals(leader))
                .toList();
        Path content = Files.writeString(place.storage().resolve("burst"), "content");
        CountDownLatch begun = new CountDownLatch(6);
        List<Callable<Ran>> requests = IntStream.range(0, 30)
                .<Callable<Ran>>mapToObj(number -> () -> {
                    Ran ran = place.docker(
                            others.get(number % others.size()),
                            "config",
                            "create",
                            "burst-" + number,
                            content.toString());
                    begun.countDown();
                    return ran;
                })
                .toList();
        try (ExecutorService four = Executors.newFixedThreadPool(4)) {
            List<Future<Ran>> running = requests.stream().map(four::submit).toList();
            begun.await();
            place.inside(leader, toDaemon("KILL")).must();
            for (Future<Ran> each : running) {
                each.get().must();
            }
        }
        List<String> made = cluster.docker("config", "ls", "--filter", "name=burst-", "--format", "{{.Name}}")
                .must()
                .lines()
                .toList();
        assertThat(made).hasSize(30).doesNotHaveDuplicates();
        made.forEach(name -> cluster.docker("config", "rm", name).must());
    }

    @Test
    void tasksMoveFromAStoppedMachineAndItDoesNotKeepThem() {
        create("--constraint", "node.role==worker", "--replicas", "4");
        assertThat(cluster.machinesOf(NAME)).contains("worker-2");

        place.machine("stop", "worker-2").must();
        Eventually.is(
                "machines of the tasks",
                "[worker-1, worker-1, worker-1, worker-1]",
                () -> cluster.machinesOf(NAME).toString());

        place.machine("start", "worker-2").must();
        cluster.awaitWhole();
        Eventually.asserted(() -> assertThat(containers("worker-2")).isEmpty());
        assertThat(cluster.machinesOf(NAME)).hasSize(4).containsOnly("worker-1");
    }

    @Test
    void aMachineWithoutPowerLosesItsTasksToOthers() {
        create("--constraint", "node.role==worker", "--replicas", "2");
        place.machine("kill", "worker-1").must();
        Eventually.is(
                "machines of the tasks",
                "[worker-2, worker-2]",
                () -> cluster.machinesOf(NAME).toString());
        place.machine("start", "worker-1").must();
        cluster.awaitWhole();
        Eventually.asserted(() -> assertThat(containers("worker-1")).isEmpty());
    }

    @Test
    void aMachineWithoutPowerGetsNoNewConnectionsEvenWhenNoManagerCanSaySo() {
        create("--constraint", "node.role==worker", "-p", PORT + ":80", "--replicas", "2");
        Eventually.is("six requests in turn", "answered", () -> sixRequests("worker-2"));
        for (String manager : Cluster.MANAGERS) {
            place.inside(manager, toDaemon("STOP")).must();
        }
        try {
            place.machine("kill", "worker-1").must();
            Eventually.is("six requests in turn", "answered", () -> sixRequests("worker-2"));
        } finally {
            for (String manager : Cluster.MANAGERS) {
                place.inside(manager, toDaemon("CONT")).must();
            }
        }
    }

    private String sixRequests(String machine) {
        return IntStream.range(0, 6)
                        .mapToObj(_ -> Commands.run(
                                "curl",
                                "-sf",
                                "--max-time",
                                "2",
                                "http://%s:%d/".formatted(cluster.address(machine), PORT)))
                        .allMatch(answer -> answer.out().contains("Welcome to nginx"))
                ? "answered"
                : "not all answered";
    }

    @Test
    void containersOutliveTheirDaemonAndItsContainerd() {
        create("--constraint", "node.hostname==worker-1", "--replicas", "1");
        String process = containerProcess();
        for (String killed : List.of("panal daemon", "containerd")) {
            place.inside("worker-1", killed.equals("containerd") ? killContainerd() : toDaemon("KILL"))
                    .must();

            Eventually.asserted(() -> place.docker("worker-1", "version").must());
            Eventually.is("the container after " + killed + " was killed", process, this::containerProcess);
            cluster.awaitWhole();
            cluster.awaitRunning(NAME, 1);
            assertThat(cluster.docker("service", "ps", "-q", NAME).must().lines())
                    .hasSize(1);
        }
        cluster.docker("service", "rm", NAME).must();
        Eventually.asserted(() -> assertThat(containers("worker-1")).isEmpty());
    }

    /// For a shell on a machine.
    static String toDaemon(String signal) {
        return "for p in /proc/[0-9]*; do case $(tr '\\0' ' ' <$p/cmdline) in *io.panal.program.Main\\ daemon*)"
                + " kill -" + signal + " ${p#/proc/};; esac; done";
    }

    private static String killContainerd() {
        return "kill -9 $(cat /run/panal/containerd/containerd.pid)";
    }

    private String containerProcess() {
        List<String> containers = containers("worker-1");
        return containers.size() == 1
                ? place.docker("worker-1", "inspect", "--format", "{{.State.Pid}}", containers.getFirst())
                        .out()
                        .strip()
                : containers.toString();
    }

    private List<String> containers(String machine) {
        return place.docker(machine, "ps", "-q", "--no-trunc", "--filter", "name=" + NAME + ".")
                .out()
                .lines()
                .toList();
    }

    private void create(String... options) {
        List<String> words = new ArrayList<>(List.of("service", "create", "-d", "--name", NAME));
        words.addAll(List.of(options));
        words.add(cluster.image("nginx"));
        cluster.docker(words.toArray(String[]::new)).must();
        cluster.awaitRunning(NAME, Integer.parseInt(options[options.length - 1]));
    }
}
