package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// No request fails while tasks come and go, old ones first and new ones first: through the mesh, and through a virtual
/// address.
@ExtendWith(SharedCluster.class)
class HandoverIT {
    private static final String NAME = "handover";
    private static final String CALLER = "handover-caller";
    private static final String ASK = "while sleep 0.02; do "
            + "if wget -q -O /dev/null http://handover/; then echo asked; else echo failed; fi; done";

    private final Cluster cluster;
    private final int port;

    HandoverIT(Cluster cluster) {
        this.cluster = cluster;
        this.port = cluster.port();
    }

    @AfterEach
    void clear() {
        cluster.remove(CALLER);
        cluster.remove(NAME);
        Eventually.asserted(
                () -> assertThat(cluster.docker("network", "rm", NAME).isWell()).isTrue());
    }

    @Test
    void noRequestFailsWhileAServiceIsUpdatedRolledBackAndScaledDown() throws InterruptedException {
        create();
        List<InetSocketAddress> entries = Stream.of("manager-2", "worker-1")
                .map(machine -> new InetSocketAddress(cluster.address(machine), port))
                .toList();
        Requests requests = Requests.to(entries);
        try (requests) {
            cluster.docker("service", "update", "-d", "--env-add", "STEP=2", NAME)
                    .must();
            awaitUpdate("completed");
            cluster.docker("service", "update", "-d", "--rollback", NAME).must();
            awaitUpdate("rollback_completed");
            cluster.docker("service", "scale", "-d", NAME + "=2").must();
            Eventually.is("tasks that still run", "2", this::running);
        }

        assertThat(requests.failures()).isEmpty();
        assertThat(requests.made()).isGreaterThan(100);
        List<String> asked = cluster.docker("service", "logs", "--raw", CALLER)
                .must()
                .lines()
                .toList();
        assertThat(asked).hasSizeGreaterThan(20).containsOnly("asked");
    }

    private void create() {
        cluster.docker("network", "create", "-d", "overlay", NAME).must();
        cluster.docker(
                        "service",
                        "create",
                        "-d",
                        "--name",
                        NAME,
                        "--network",
                        NAME,
                        "-p",
                        port + ":80",
                        "--replicas",
                        "4",
                        "--rollback-order",
                        "start-first",
                        "--update-parallelism",
                        "2",
                        "--rollback-parallelism",
                        "2",
                        "--update-monitor",
                        "1s",
                        "--rollback-monitor",
                        "1s",
                        // Without a check a task gets connections once its process runs, whether it listens or not.
                        "--health-cmd",
                        "test -s /run/nginx.pid",
                        "--health-interval",
                        "500ms",
                        cluster.image("nginx"))
                .must();
        cluster.awaitRunning(NAME, 4);
        cluster.docker(
                        "service",
                        "create",
                        "-d",
                        "--name",
                        CALLER,
                        "--network",
                        NAME,
                        "--stop-grace-period",
                        "1s",
                        cluster.image("busybox"),
                        "sh",
                        "-c",
                        ASK)
                .must();
        cluster.awaitRunning(CALLER, 1);
        Eventually.asserted(() -> assertThat(
                        cluster.docker("service", "logs", "--raw", CALLER).out())
                .contains("asked"));
    }

    private String running() {
        List<String> states = cluster.docker("service", "ps", "--format", "{{.CurrentState}}", NAME)
                .out()
                .lines()
                .filter(state -> state.startsWith("Running"))
                .toList();
        return Integer.toString(states.size());
    }

    private void awaitUpdate(String state) {
        Eventually.is(
                "the update",
                state,
                () -> cluster.docker("service", "inspect", "--format", "{{.UpdateStatus.State}}", NAME)
                        .out()
                        .strip());
    }
}
