package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A network whose frames leave a machine only encrypted: services find each other in it, and a connection outlives a
/// daemon that is killed.
@ExtendWith(SharedCluster.class)
class EncryptedNetworkIT {
    private static final String NAME = "encrypted";
    private static final String CALLER = "encrypted-caller";
    /// One connection, which says each second how often it has heard from the other end.
    private static final String TALK =
            "while sleep 1; do echo beat; done | nc %s 7000 | while read word; do echo $word; done";

    private final Cluster cluster;
    private final Place place;

    EncryptedNetworkIT(Cluster cluster) {
        this.cluster = cluster;
        this.place = cluster.place();
    }

    @AfterEach
    void clear() {
        cluster.remove(CALLER);
        cluster.remove(NAME);
        Eventually.asserted(
                () -> assertThat(cluster.docker("network", "rm", NAME).isWell()).isTrue());
    }

    @Test
    void aConnectionInAnEncryptedNetworkOutlivesADaemonThatIsKilled() {
        cluster.docker("network", "create", "-d", "overlay", "--opt", "encrypted", NAME)
                .must();
        serve(NAME, "worker-1", "while true; do nc -l -p 7000 -e cat; done");
        serve(CALLER, "worker-2", TALK.formatted(NAME));
        awaitMore();

        assertThat(place.inside("worker-1", "cat /proc/net/udp").out()).contains(":12B6 ");
        place.inside("worker-1", FaultIT.toDaemon("KILL")).must();
        Eventually.asserted(() -> place.docker("worker-1", "version").must());
        awaitMore();

        assertThat(cluster.docker("service", "ps", "-q", CALLER).must().lines()).hasSize(1);
        assertThat(cluster.docker("service", "ps", "-q", NAME).must().lines()).hasSize(1);
        assertThat(cluster.docker("network", "inspect", NAME).must()).contains("\"encrypted\": \"\"");
        cluster.awaitWhole();
    }

    private void serve(String name, String machine, String script) {
        cluster.docker(
                        "service",
                        "create",
                        "-d",
                        "--name",
                        name,
                        "--network",
                        NAME,
                        "--constraint",
                        "node.hostname==" + machine,
                        "--stop-grace-period",
                        "1s",
                        cluster.image("busybox"),
                        "sh",
                        "-c",
                        script)
                .must();
        cluster.awaitRunning(name, 1);
    }

    private long beats() {
        return cluster.docker("service", "logs", "--raw", CALLER).out().lines().count();
    }

    private void awaitMore() {
        long before = beats();
        Eventually.asserted(() -> assertThat(beats()).isGreaterThan(before + 2));
    }
}
