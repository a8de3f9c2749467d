package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `panal network doctor` on one machine shows what is broken on another, which mends it by itself.
@ExtendWith(SharedCluster.class)
class DoctorIT {
    private static final String BROKEN = "worker-1";
    private static final String STOPPED = "worker-2";
    private static final String WELL = "The networks of 5 nodes are as wanted.";

    private final Cluster cluster;
    private final Place place;

    DoctorIT(Cluster cluster) {
        this.cluster = cluster;
        this.place = cluster.place();
    }

    @AfterEach
    void makeWhole() {
        if (!place.machine("status", STOPPED).must().equals("Running")) {
            place.machine("start", STOPPED).must();
        }
        cluster.awaitWhole();
        awaitWell(cluster.leader());
    }

    private Ran doctor(String machine, String... more) {
        List<String> words = new ArrayList<>(List.of("network", "doctor"));
        words.addAll(List.of(more));
        return place.panal(machine, words.toArray(String[]::new));
    }

    private void awaitWell(String machine) {
        Eventually.asserted(() -> assertThat(doctor(machine).must().strip()).isEqualTo(WELL));
    }

    private String reported() {
        return place.inside(BROKEN, "grep -c 'network repaired' /var/log/panal.log || true")
                .must();
    }

    /// What is broken is mended within seconds, so that it is broken until one look came in time.
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            nft flush ruleset                  | nftables table inet panal   | missing | as this node writes it
            ip link del ingress0               | interface ingress0          | missing | panal ingress
            sysctl -qw net.ipv4.ip_forward=0   | setting net.ipv4.ip_forward | 0       | 1
            for o in /run/panal/network/overlays/*-*; do nsenter --net=$o ip link del vx0; done | interface vx0 | missing | panal
            """)
    void whatIsBrokenOnOneNodeIsSeenOnAnotherAndMended(String command, String what, String found, String wanted) {
        String asked = Cluster.otherManager(cluster.leader());
        awaitWell(asked);
        String before = reported();
        Ran seen = Eventually.holds(
                "what differs",
                () -> {
                    place.inside(BROKEN, command);
                    return doctor(asked, "--format", "json", "--node", BROKEN);
                },
                ran -> ran.out().contains("\"What\":\"%s\"".formatted(what)));
        assertThat(seen.isWell()).isFalse();
        assertThat(seen.out())
                .contains(
                        "\"Node\":\"%s\"".formatted(BROKEN),
                        "\"Found\":\"%s\"".formatted(found),
                        "\"Wanted\":\"%s".formatted(wanted));
        awaitWell(asked);
        assertThat(reported()).isNotEqualTo(before);
    }

    @Test
    void aNodeThatIsDownIsNamedAndTheOthersAreStillCompared() {
        String asked = cluster.leader();
        place.machine("kill", STOPPED).must();
        Eventually.asserted(() -> {
            Ran ran = doctor(asked);
            assertThat(ran.isWell()).isFalse();
            assertThat(ran.err()).contains("node " + STOPPED + " could not be asked: it is down");
        });
        assertThat(doctor(asked, "--node", BROKEN, "--node", "self").must().strip())
                .isEqualTo("The networks of 2 nodes are as wanted.");
    }

    @Test
    void aWorkerLooksAtItselfAndSaysSo() {
        Ran ran = doctor(BROKEN);
        assertThat(ran.must().strip()).isEqualTo("The networks of worker-1 are as wanted.");
        assertThat(ran.err()).contains("looked at its own networks only");
        assertThat(doctor(BROKEN, "--node", STOPPED).err()).contains("ask a manager");
    }
}
