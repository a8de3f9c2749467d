package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A service's life, by the stock client.
@ExtendWith(SharedCluster.class)
class ServiceIT {
    private static final String NAME = "web";

    private final Cluster cluster;
    private final Place place;

    ServiceIT(Cluster cluster) {
        this.cluster = cluster;
        this.place = cluster.place();
    }

    @AfterEach
    void clear() {
        cluster.remove(NAME);
    }

    @Test
    void creationShowsProgressUntilTheTasksAreStable() {
        Ran ran = cluster.docker("service", "create", "--name", NAME, "--replicas", "2", cluster.image("nginx"));
        assertThat(ran.must())
                .containsPattern("^[0-9a-z]{25}\n")
                .contains("overall progress: 2 out of 2 tasks")
                .contains("verify: Service ")
                .endsWith(" converged");
        assertThat(cluster.docker(
                                "service",
                                "ls",
                                "--filter",
                                "name=" + NAME,
                                "--format",
                                "{{.Name}} {{.Mode}} {{.Replicas}}")
                        .must())
                .isEqualTo("web replicated 2/2");
        assertThat(inspect("{{.Spec.TaskTemplate.ContainerSpec.Image}}"))
                .startsWith(cluster.image("nginx") + ":latest@sha256:");
    }

    @Test
    void scaleGoesUpAndDown() {
        create("--replicas", "1");
        Ran up = cluster.docker("service", "scale", "-d", NAME + "=7");
        assertThat(up.must()).isEqualTo("web scaled to 7");
        cluster.awaitRunning(NAME, 7);
        assertThat(cluster.machinesOf(NAME)).containsAll(Cluster.MACHINES);

        cluster.docker("service", "scale", "-d", NAME + "=2").must();
        cluster.awaitRunning(NAME, 2);
        Eventually.is(
                "containers on all machines",
                "2",
                () -> Long.toString(Cluster.MACHINES.stream()
                        .mapToLong(machine -> containers(machine).size())
                        .sum()));
    }

    @Test
    void anUpdateReplacesTheTasksAndARollbackBringsTheFormerSpecBack() {
        create("--replicas", "2", "--env", "STAGE=one");
        Ran ran = cluster.docker("service", "update", "--update-parallelism", "2", "--env-add", "STAGE=two", NAME);
        assertThat(ran.must()).contains("overall progress: 2 out of 2 tasks").endsWith(" converged");
        assertThat(environmentOfATask()).contains("STAGE=two");
        assertThat(inspect("{{.UpdateStatus.State}}")).isEqualTo("completed");

        cluster.docker("service", "rollback", "-d", NAME).must();
        Eventually.is("the roll back", "rollback_completed", () -> inspect("{{.UpdateStatus.State}}"));
        assertThat(environmentOfATask()).contains("STAGE=one");
        assertThat(cluster.docker("service", "rollback", "nobodys").err()).contains("nobodys");
    }

    @Test
    void anUpdateOfTheImageRunsTheNewOne() {
        create("--replicas", "1");
        cluster.docker("service", "update", "-d", "--image", cluster.image("busybox"), "--args", "sleep 1000", NAME)
                .must();
        Eventually.asserted(() -> {
            List<String> machines = cluster.machinesOf(NAME);
            assertThat(machines).hasSize(1);
            assertThat(place.docker(machines.getFirst(), "ps", "--filter", "name=web.", "--format", "{{.Image}}")
                            .must())
                    .startsWith(cluster.image("busybox"));
        });
    }

    @Test
    void logsComeFromTheTasksOfAllMachines() {
        cluster.docker(
                        "service",
                        "create",
                        "-d",
                        "--name",
                        NAME,
                        "--mode",
                        "global",
                        cluster.image("busybox"),
                        "sh",
                        "-c",
                        "echo out of $(hostname); echo err >&2; exec sleep 1000")
                .must();
        Eventually.asserted(() -> {
            Ran logs = cluster.docker("service", "logs", NAME);
            assertThat(logs.must().lines()).hasSize(5).allMatch(line -> line.contains("| out of "));
            assertThat(logs.err().lines()).hasSize(5);
            for (String machine : Cluster.MACHINES) {
                assertThat(logs.out()).contains("@" + machine + " ");
            }
        });
    }

    @Test
    void constraintsChooseTheMachines() {
        create("--replicas", "4", "--constraint", "node.role==worker");
        assertThat(cluster.machinesOf(NAME)).hasSize(4).containsOnlyElementsOf(Cluster.WORKERS);
    }

    @Test
    void removalEndsEveryContainer() {
        create("--replicas", "5");
        assertThat(cluster.docker("service", "rm", NAME).must()).isEqualTo(NAME);
        Ran unknown = cluster.docker("service", "ps", NAME);
        assertThat(unknown.status()).isEqualTo(1);
        assertThat(unknown.err()).isEqualTo("no such service: web\n");
        for (String machine : Cluster.MACHINES) {
            Eventually.asserted(() -> assertThat(containers(machine)).isEmpty());
        }
    }

    @Test
    void aContainerThatIsKilledOrRemovedIsReplaced() {
        create("--replicas", "1", "--restart-delay", "100ms");
        String machine = cluster.machinesOf(NAME).getFirst();
        String killed = containers(machine).getFirst();
        place.docker(machine, "kill", killed).must();
        String next = awaitAnother(killed);

        place.docker(cluster.machinesOf(NAME).getFirst(), "rm", "-f", next).must();
        awaitAnother(next);
        assertThat(cluster.docker("service", "ps", "--format", "{{.Name}} {{.CurrentState}}", NAME)
                        .must())
                .contains("Failed");
    }

    private String awaitAnother(String than) {
        return Eventually.holds(
                        "another container",
                        () -> cluster.machinesOf(NAME).stream()
                                .flatMap(machine -> containers(machine).stream())
                                .toList(),
                        found -> found.size() == 1 && !found.contains(than))
                .getFirst();
    }

    private void create(String... options) {
        List<String> words = new ArrayList<>(List.of("service", "create", "-d", "--name", NAME));
        words.addAll(List.of(options));
        words.add(cluster.image("nginx"));
        cluster.docker(words.toArray(String[]::new)).must();
        String replicas = inspect("{{.Spec.Mode.Replicated.Replicas}}");
        cluster.awaitRunning(NAME, Integer.parseInt(replicas));
    }

    private String inspect(String format) {
        return cluster.docker("service", "inspect", "--format", format, NAME).must();
    }

    private String environmentOfATask() {
        String machine = cluster.machinesOf(NAME).getFirst();
        return place.docker(
                        machine,
                        "inspect",
                        "--format",
                        "{{.Config.Env}}",
                        containers(machine).getFirst())
                .must();
    }

    /// Of the service, running.
    private List<String> containers(String machine) {
        return place.docker(machine, "ps", "-q", "--no-trunc", "--filter", "name=" + NAME + ".")
                .must()
                .lines()
                .toList();
    }
}
