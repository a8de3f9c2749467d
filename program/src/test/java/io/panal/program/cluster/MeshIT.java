package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A published port, seen from outside and from the machines.
@ExtendWith(SharedCluster.class)
class MeshIT {
    private static final String NAME = "mesh";

    private final Cluster cluster;
    private final Place place;
    private final int port;

    MeshIT(Cluster cluster) {
        this.cluster = cluster;
        this.place = cluster.place();
        this.port = cluster.port();
    }

    @AfterEach
    void clear() {
        cluster.remove(NAME);
    }

    @Test
    void thePortAnswersOnEveryMachineAndTheApplicationSeesTheClient() {
        publish("1", cluster.image("nginx"));
        for (String machine : Cluster.MACHINES) {
            Eventually.asserted(() -> assertThat(fetch(machine)).contains("Welcome to nginx"));
            Ran local =
                    place.inside(machine, "curl -s --max-time 5 http://127.0.0.1:%d/local-%s".formatted(port, machine));
            assertThat(local.must()).contains("404 Not Found");
        }
        Commands.run(
                "curl", "-s", "--max-time", "5", "http://%s:%d/outside".formatted(cluster.address("worker-2"), port));
        Eventually.asserted(() -> {
            List<String> lines = cluster.docker("service", "logs", "--raw", NAME)
                    .must()
                    .lines()
                    .toList();
            assertThat(lines)
                    .filteredOn(line -> line.contains("GET /outside "))
                    .singleElement()
                    .asString()
                    .startsWith(place.host() + " ");
            assertThat(lines.stream().filter(line -> line.contains("GET / ")))
                    .hasSizeGreaterThanOrEqualTo(5)
                    .allMatch(line -> line.startsWith(place.host() + " "));
        });
    }

    @Test
    void requestsAreSpreadOverTheTasks() {
        publish(
                "4",
                cluster.image("busybox"),
                "sh",
                "-c",
                "mkdir /w && hostname >/w/index.html && exec httpd -f -p 80 -h /w");
        for (String machine : List.of("manager-1", "worker-2")) {
            Eventually.asserted(() -> assertThat(IntStream.range(0, 24)
                            .mapToObj(_ -> fetch(machine).strip())
                            .distinct())
                    .hasSize(4));
        }
    }

    @Test
    void thePortClosesWithItsService() {
        publish("2", cluster.image("nginx"));
        Eventually.asserted(() -> assertThat(fetch("worker-1")).contains("Welcome to nginx"));
        cluster.docker("service", "rm", NAME).must();
        for (String machine : Cluster.MACHINES) {
            Eventually.asserted(() -> assertThat(fetch(machine)).isEmpty());
        }
    }

    private void publish(String replicas, String... imageAndCommand) {
        List<String> words = new ArrayList<>(
                List.of("service", "create", "-d", "--name", NAME, "--replicas", replicas, "-p", port + ":80"));
        words.addAll(List.of(imageAndCommand));
        cluster.docker(words.toArray(String[]::new)).must();
        cluster.awaitRunning(NAME, Integer.parseInt(replicas));
    }

    /// The page, empty when there is none.
    private String fetch(String machine) {
        return Commands.run("curl", "-sf", "--max-time", "5", "http://%s:%d/".formatted(cluster.address(machine), port))
                .out();
    }
}
