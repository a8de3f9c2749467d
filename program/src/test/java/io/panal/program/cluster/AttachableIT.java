package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Containers of no service on an overlay of the swarm, run by the stock client on a manager and on workers.
@ExtendWith(SharedCluster.class)
class AttachableIT {
    private static final String NAME = "attachable";
    /// Room for one service of one task and three containers, and no more.
    private static final String SUBNET = "10.78.0.0/29";

    private static final List<String> PLACES = List.of("manager-2", "worker-1", "worker-2");

    private final Cluster cluster;
    private final Place place;

    AttachableIT(Cluster cluster) {
        this.cluster = cluster;
        this.place = cluster.place();
    }

    @BeforeEach
    void makeNetwork() {
        cluster.docker("network", "create", "-d", "overlay", "--attachable", "--subnet", SUBNET, NAME)
                .must();
    }

    @AfterEach
    void clear() {
        PLACES.forEach(machine -> place.docker(machine, "rm", "-f", called(machine)));
        cluster.remove(NAME);
        Eventually.asserted(
                () -> assertThat(cluster.docker("network", "rm", NAME).isWell()).isTrue());
    }

    private static String called(String machine) {
        return "guest-of-" + machine;
    }

    private Ran run(String machine, String... options) {
        List<String> words = new ArrayList<>(List.of("run", "-d", "--name", called(machine)));
        words.addAll(List.of(options));
        words.addAll(List.of(cluster.image("busybox"), "sleep", "600"));
        return place.docker(machine, words.toArray(String[]::new));
    }

    private Ran inside(String machine, String... words) {
        List<String> all = new ArrayList<>(List.of("exec", called(machine)));
        all.addAll(List.of(words));
        return place.docker(machine, all.toArray(String[]::new));
    }

    private Ran ping(String machine, String name) {
        return inside(machine, "ping", "-c", "1", "-W", "2", name);
    }

    @Test
    void containersOnAllNodesFindEachOtherAndTheServicesAndGiveTheirAddressesBack() {
        cluster.docker(
                        "service",
                        "create",
                        "-d",
                        "--name",
                        NAME,
                        "--network",
                        NAME,
                        cluster.image("busybox"),
                        "sh",
                        "-c",
                        "echo it works >/tmp/index.html; exec httpd -f -p 80 -h /tmp")
                .must();
        cluster.awaitRunning(NAME, 1);
        run("manager-2", "--network", NAME, "--network-alias", "first").must();
        run("worker-1", "--network", NAME).must();
        run("worker-2").must();
        place.docker("worker-2", "network", "connect", NAME, called("worker-2")).must();

        for (String from : PLACES) {
            for (String to : PLACES) {
                Eventually.asserted(() -> ping(from, called(to)).must());
            }
            Eventually.asserted(() -> ping(from, "first").must());
            Eventually.is(
                    "the service's page",
                    "it works",
                    () -> inside(from, "wget", "-qO-", "http://" + NAME + "/")
                            .out()
                            .strip());
        }
        assertThat(cluster.docker("network", "rm", NAME).said()).contains("is in use by");
        assertThat(place.docker("worker-1", "run", "--rm", "--network", NAME, cluster.image("busybox"), "true")
                        .said())
                .contains("network " + NAME + " has no free address: 5 of 5 are in use");

        place.docker("worker-2", "network", "disconnect", NAME, called("worker-2"))
                .must();
        Eventually.asserted(
                () -> place.docker("worker-1", "run", "--rm", "--network", NAME, cluster.image("busybox"), "true")
                        .must());
    }

    @Test
    void aKilledDaemonKeepsItsContainersConnectedAndGivesBackWhatEndedMeanwhile() {
        run("manager-2", "--network", NAME).must();
        run("worker-1", "--network", NAME).must();
        Eventually.asserted(() -> ping("manager-2", called("worker-1")).must());

        place.inside("worker-1", FaultIT.toDaemon("KILL")).must();
        ping("manager-2", called("worker-1")).must();
        Eventually.asserted(() -> place.docker("worker-1", "version").must());
        ping("manager-2", called("worker-1")).must();

        String process = place.docker("worker-1", "inspect", "-f", "{{.State.Pid}}", called("worker-1"))
                .must()
                .strip();
        place.inside("worker-1", FaultIT.toDaemon("KILL") + "; kill -9 " + process)
                .must();
        Eventually.asserted(
                () -> assertThat(ping("manager-2", called("worker-1")).said()).contains("bad address"));
        place.docker("manager-2", "rm", "-f", called("manager-2")).must();
        Eventually.asserted(() -> assertThat(cluster.docker("network", "inspect", "-f", "{{len .Peers}}", NAME)
                        .out()
                        .strip())
                .isEqualTo("0"));
        cluster.awaitWhole();
    }

    @Test
    void aNetworkThatIsNotAttachableIsRefusedInDockersWords() {
        cluster.docker("network", "create", "-d", "overlay", "closed").must();
        try {
            assertThat(run("worker-1", "--network", "closed").said())
                    .contains("Could not attach to network closed: rpc error: code = PermissionDenied desc ="
                            + " network closed not manually attachable");
        } finally {
            cluster.docker("network", "rm", "closed").must();
        }
    }
}
