package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Joining, and who answers what.
@ExtendWith(SharedCluster.class)
class SwarmIT {
    private static final String EVERYWHERE = "everywhere";

    private final Cluster cluster;
    private final Place place;

    SwarmIT(Cluster cluster) {
        this.cluster = cluster;
        this.place = cluster.place();
    }

    @Test
    void tokensGiveTheirRoles() {
        assertThat(cluster.docker("node", "ls", "--format", "{{.Hostname}} {{.ManagerStatus}}")
                        .must()
                        .lines())
                .hasSize(5)
                .filteredOn(line -> line.contains(" Leader") || line.contains(" Reachable"))
                .extracting(line -> line.split(" ")[0])
                .containsExactlyInAnyOrderElementsOf(Cluster.MANAGERS);
        assertThat(cluster.token("worker")).startsWith("SWMTKN-1-").isNotEqualTo(cluster.token("manager"));
    }

    @Test
    void oneJoinsOnlyOnce() {
        Ran ran = join("worker-1", cluster.token("worker"));
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err())
                .isEqualTo(
                        "Error response from daemon: This node is already part of a swarm. Use \"docker swarm leave\""
                                + " to leave this swarm and join another one.\n");
        assertThat(place.docker("manager-2", "swarm", "init").err()).contains("already part of a swarm");
    }

    @Test
    void aTokenThatIsNotTheSwarmsIsRefused() {
        place.create("stranger");
        try {
            cluster.docker(
                            "service",
                            "create",
                            "-d",
                            "--name",
                            EVERYWHERE,
                            "--mode",
                            "global",
                            cluster.image("busybox"),
                            "sleep",
                            "1000")
                    .must();
            String token = cluster.token("worker");
            String otherSecret = token.substring(0, token.lastIndexOf('-')) + "-5x92zb4snn0i92o1gzc9aaaaa";
            String otherAuthority = "SWMTKN-1-11111111111111111111111111111111111111111111111111"
                    + token.substring(token.lastIndexOf('-'));

            assertThat(join("stranger", otherSecret).err())
                    .contains("A valid join token is necessary to join this cluster");
            assertThat(join("stranger", otherAuthority).err()).contains("remote CA does not match fingerprint");
            assertThat(join("stranger", "SWMTKN-bad").err()).contains("invalid join token");
            assertThat(place.docker(
                                    "stranger",
                                    "swarm",
                                    "join",
                                    "--token",
                                    token,
                                    cluster.address("manager-1") + ":2999")
                            .err())
                    .contains("connection refused");
            assertThat(place.docker("stranger", "info", "--format", "{{.Swarm.LocalNodeState}}")
                            .must())
                    .isEqualTo("inactive");
            assertThat(place.docker("stranger", "node", "ls").err())
                    .contains("This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\"");

            joinsAndLeaves(token);
        } finally {
            cluster.remove(EVERYWHERE);
            place.machine("rm", "-f", "-y", "stranger");
        }
        cluster.awaitWhole();
    }

    private void joinsAndLeaves(String token) {
        assertThat(join("stranger", token).must()).isEqualTo("This node joined a swarm as a worker.");
        Eventually.is("the stranger", "Ready", () -> status("stranger"));
        aGlobalServiceFollows();
        assertThat(place.docker("stranger", "swarm", "leave").must()).isEqualTo("Node left the swarm.");
        Eventually.is("the stranger", "Down", () -> status("stranger"));
        assertThat(cluster.docker("node", "rm", "stranger").must()).isEqualTo("stranger");
        assertThat(status("stranger")).isEmpty();
    }

    /// A service that was there before the machine came.
    private void aGlobalServiceFollows() {
        assertThat(cluster.machinesOf(EVERYWHERE)).containsAll(Cluster.MACHINES);
        Eventually.asserted(
                () -> assertThat(cluster.machinesOf(EVERYWHERE)).hasSize(6).contains("stranger"));
        cluster.docker("node", "update", "--availability", "drain", "stranger").must();
        Eventually.asserted(() -> {
            assertThat(cluster.machinesOf(EVERYWHERE)).containsExactlyInAnyOrderElementsOf(Cluster.MACHINES);
            assertThat(place.docker("stranger", "ps", "-q").must()).isEmpty();
        });
        cluster.docker("node", "update", "--availability", "active", "stranger").must();
        Eventually.asserted(
                () -> assertThat(cluster.machinesOf(EVERYWHERE)).hasSize(6).contains("stranger"));
    }

    @Test
    void aFollowerAnswersWhatTheLeaderCan() {
        String follower = Cluster.otherManager(cluster.leader());
        String port = Integer.toString(cluster.port());
        try {
            place.docker(
                            follower,
                            "service",
                            "create",
                            "-d",
                            "--name",
                            "follows",
                            "-p",
                            port + ":80",
                            cluster.image("nginx"))
                    .must();
            Eventually.is(
                    "the task",
                    "1/1",
                    () -> place.docker(
                                    follower, "service", "ls", "--filter", "name=follows", "--format", "{{.Replicas}}")
                            .must());
            place.docker(follower, "service", "scale", "-d", "follows=2").must();
            Eventually.holds(
                    "tasks of the service",
                    () -> place.docker(follower, "service", "ps", "follows", "--format", "{{.CurrentState}}")
                            .must(),
                    said -> said.lines()
                                    .filter(line -> line.startsWith("Running"))
                                    .count()
                            == 2);
            assertThat(Commands.run(
                                    "curl",
                                    "-sf",
                                    "--max-time",
                                    "10",
                                    "http://%s:%s/".formatted(cluster.address(follower), port))
                            .must())
                    .contains("nginx");
            Eventually.holds(
                    "the log",
                    () -> place.docker(follower, "service", "logs", "follows").must(),
                    said -> said.contains("\"GET / HTTP/1.1\" 200"));
        } finally {
            assertThat(place.docker(follower, "service", "rm", "follows").must())
                    .isEqualTo("follows");
        }
    }

    @Test
    void aWorkerSendsItsUserToTheManagers() {
        for (String[] words :
                new String[][] {{"node", "ls"}, {"service", "ls"}, {"service", "create", "--name", "x", "y"}}) {
            Ran ran = place.docker("worker-1", words);
            assertThat(ran.status()).isEqualTo(1);
            assertThat(ran.err())
                    .contains(
                            "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state."
                                    + " Please run this command on a manager node or promote the current node to a manager.");
        }
        assertThat(Wire.to(place.socket("worker-1")).get("/v1.44/nodes").status())
                .isEqualTo(503);
    }

    private Ran join(String machine, String token) {
        return place.docker(machine, "swarm", "join", "--token", token, cluster.address("manager-1") + ":2377");
    }

    private String status(String node) {
        return cluster.docker("node", "ls", "--filter", "name=" + node, "--format", "{{.Status}}")
                .must();
    }
}
