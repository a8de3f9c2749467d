package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Kinds of work on real machines: checked, in the host's network, followed, done once, deployed as a stack.
@ExtendWith(SharedCluster.class)
class WorkloadIT {
    private final Cluster cluster;
    private final Place place;

    /// Of each test another: containers of a removed service may still be there.
    private final String name;

    WorkloadIT(Cluster cluster) {
        this.cluster = cluster;
        this.place = cluster.place();
        this.name = "work-" + cluster.port();
    }

    @AfterEach
    void clear() {
        cluster.remove(name);
    }

    @Test
    void aTaskRunsOnceItIsHealthyAndIsReplacedWhenItIsNoMore() {
        create(
                List.of(
                        "--constraint",
                        "node.hostname==worker-1",
                        "--health-cmd",
                        "test -e /tmp/well",
                        "--health-interval",
                        "200ms",
                        "--health-retries",
                        "1000",
                        "--restart-delay",
                        "100ms"),
                "sleep 1000");
        String ill = awaitContainer("worker-1", "");
        Eventually.is("health", "starting", () -> health(ill));
        // The managers hear of it a moment later.
        Eventually.is("states", "[Starting]", () -> cluster.states(name).toString());

        onWorker("exec", ill, "touch", "/tmp/well");
        cluster.awaitRunning(name, 1);
        assertThat(health(ill)).isEqualTo("healthy");
        cluster.docker("service", "update", "-d", "--health-retries", "2", name).must();
        String well = awaitContainer("worker-1", ill);
        onWorker("exec", well, "touch", "/tmp/well");
        cluster.awaitRunning(name, 1);
        onWorker("exec", well, "rm", "/tmp/well");

        String next = awaitContainer("worker-1", well);
        assertThat(next).isNotEqualTo(well);
        assertThat(cluster.docker("service", "ps", "--format", "{{.DesiredState}} {{.CurrentState}}", name)
                        .must()
                        .lines())
                .anyMatch(line -> line.matches("Shutdown (Failed|Complete) .*"));
    }

    private String health(String container) {
        return onWorker("inspect", "--format", "{{.State.Health.Status}}", container);
    }

    private String onWorker(String... words) {
        return place.docker("worker-1", words).must();
    }

    @Test
    void aServiceOnTheHostsNetworkIsInItsNodesOwn() {
        int port = cluster.port();
        create(
                List.of("--network", "host", "--constraint", "node.hostname==worker-2"),
                "mkdir /w; echo of the host >/w/index.html; exec httpd -f -p %d -h /w".formatted(port));
        cluster.awaitRunning(name, 1);
        String container = awaitContainer("worker-2", "");
        assertThat(place.docker("worker-2", "exec", container, "readlink", "/proc/self/ns/net")
                        .must())
                .isEqualTo(
                        place.inside("worker-2", "readlink /proc/self/ns/net").must());
        Eventually.asserted(() -> assertThat(Commands.run(
                                "curl",
                                "-sf",
                                "--max-time",
                                "5",
                                "http://%s:%d/".formatted(cluster.address("worker-2"), port))
                        .must())
                .isEqualTo("of the host"));
    }

    @Test
    void logsAreFollowedOnAllMachinesAndInTasksThatComeLater() throws Exception {
        create(List.of("--replicas", "1"), "while :; do echo tick; sleep 0.2; done");
        cluster.awaitRunning(name, 1);
        Path said = Files.createTempFile(place.storage(), "followed", ".txt");
        Process following = follow(said);
        try {
            Eventually.asserted(() -> assertThat(heardOf(said, 1)).isGreaterThan(3));
            cluster.docker("service", "scale", "-d", name + "=5").must();
            for (int slot = 1; slot <= 5; slot++) {
                int each = slot;
                Eventually.asserted(() -> assertThat(heardOf(said, each)).isGreaterThan(3));
            }
            assertThat(following.isAlive()).isTrue();
            for (String machine : cluster.machinesOf(name)) {
                assertThat(Files.readString(said)).contains("@" + machine + " ");
            }
        } finally {
            following.destroy();
            int _ = following.waitFor();
        }
    }

    private Process follow(Path said) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Commands.require("docker").toString(), "service", "logs", "-f", name)
                .redirectOutput(said.toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(place.surroundings("manager-2"));
        return builder.start();
    }

    private long heardOf(Path said, int slot) {
        try (var lines = Files.lines(said)) {
            return lines.filter(line -> line.startsWith("%s.%d.".formatted(name, slot)) && line.endsWith(" tick"))
                    .count();
        } catch (IOException failed) {
            throw new AssertionError(said + " cannot be read", failed);
        }
    }

    @Test
    void jobsRunAsOftenAsTheyAreWantedAndCountWhatIsDone() {
        create(List.of("--mode", "replicated-job", "--replicas", "3", "--max-concurrent", "2"), "echo done");
        Eventually.is("the job", "0/2 (3/3 completed)", this::replicas);
        assertThat(cluster.docker("service", "ps", "--format", "{{.DesiredState}} {{.CurrentState}}", name)
                        .must()
                        .lines())
                .hasSize(3)
                .allMatch(line -> line.startsWith("Complete Complete "));
        cluster.remove(name);
        create(List.of("--mode", "global-job"), "exit 0");
        Eventually.is("the job on every machine", "0/0 (5/5 completed)", this::replicas);
        cluster.remove(name);
        create(
                List.of(
                        "--mode",
                        "replicated-job",
                        "--restart-delay",
                        "100ms",
                        "--mount",
                        "type=volume,source=once,target=/v",
                        "--constraint",
                        "node.hostname==worker-1"),
                "test -e /v/tried || { touch /v/tried; exit 3; }");
        Eventually.is("the job that failed first", "0/1 (1/1 completed)", this::replicas);
        assertThat(cluster.docker("service", "ps", "--format", "{{.CurrentState}} {{.Error}}", name)
                        .must()
                        .lines())
                .anyMatch(line -> line.startsWith("Failed ") && line.endsWith("\"task: non-zero exit (3)\""));
    }

    private String replicas() {
        return cluster.docker("service", "ls", "--filter", "name=" + name, "--format", "{{.Replicas}}")
                .must();
    }

    @Test
    void aStackIsDeployedUpdatedAndRemovedWithItsNetworksSecretsAndConfigs() throws IOException {
        Path compose = place.storage().resolve("stack.yml");
        Files.writeString(place.storage().resolve("word.txt"), "of a config");
        // Older docker clients take a file without a version for one of the first.
        Files.writeString(compose, """
                version: "3.8"
                services:
                  page:
                    image: %1$s
                    command: sh -c "cat /word.txt /run/secrets/key >/tmp/index.html; exec httpd -f -p 80 -h /tmp"
                    networks: [inner]
                    configs: [{source: word, target: /word.txt}]
                    secrets: [key]
                    deploy: {replicas: 2}
                  reader:
                    image: %1$s
                    command: sleep 1000
                    networks: [inner]
                    deploy: {mode: global, endpoint_mode: dnsrr, placement: {constraints: ["node.role==worker"]}}
                networks: {inner: {driver: overlay}}
                configs: {word: {file: ./word.txt}}
                secrets: {key: {file: ./word.txt}}
                """.formatted(cluster.image("busybox")));
        Ran removed;
        try {
            assertThat(deploy(compose).must().lines())
                    .contains("Creating network st_inner", "Creating secret st_key", "Creating config st_word")
                    .contains("Creating service st_page", "Creating service st_reader");
            cluster.awaitRunning("st_page", 2);
            cluster.awaitRunning("st_reader", 2);
            String reader = containers("worker-1", "st_reader").getFirst();
            Eventually.is(
                    "the page by its name",
                    "of a configof a config",
                    () -> place.docker("worker-1", "exec", reader, "wget", "-q", "-O", "-", "http://page/")
                            .out());
            assertThat(cluster.docker("service", "inspect", "--format", "{{.Endpoint.Spec.Mode}}", "st_page")
                            .must())
                    .isEqualTo("vip");
            Files.writeString(place.storage().resolve("word.txt"), "of another");
            assertThat(deploy(compose).err()).contains("only updates to Labels are allowed");
        } finally {
            removed = cluster.docker("stack", "rm", "st");
        }
        assertThat(removed.must()).contains("Removing network st_inner");
        assertThat(cluster.docker("network", "ls", "-q", "--filter", "name=st_inner")
                        .must())
                .isEmpty();
        assertThat(cluster.docker("stack", "ls", "--format", "{{.Name}}").must())
                .isEmpty();
    }

    private Ran deploy(Path compose) {
        return cluster.docker("stack", "deploy", "-c", compose.toString(), "st");
    }

    private void create(List<String> options, String script) {
        List<String> words = new ArrayList<>(List.of("service", "create", "-d", "--name", name));
        words.addAll(options);
        words.addAll(List.of(cluster.image("busybox"), "sh", "-c", script));
        cluster.docker(words.toArray(String[]::new)).must();
    }

    private String awaitContainer(String machine, String otherThan) {
        return Eventually.holds(
                        "a container on " + machine,
                        () -> containers(machine, name),
                        found -> found.size() == 1 && !found.contains(otherThan))
                .getFirst();
    }

    private List<String> containers(String machine, String service) {
        return place.docker(machine, "ps", "-q", "--no-trunc", "--filter", "name=" + service + ".")
                .must()
                .lines()
                .toList();
    }
}
