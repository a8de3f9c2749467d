package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What an idle daemon weighs, and why. The figures themselves are in `docs/performance.md`; these bounds leave
/// room for a busy machine and for what other tests have just done.
@ExtendWith(SharedCluster.class)
class WeightIT {
    private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    private static final String DAEMON = "$(pgrep -o -x java)";
    private static final int WORKER_MEGABYTES = 160;
    private static final int MANAGER_MEGABYTES = 250;

    private final Cluster cluster;
    private final Place place;

    WeightIT(Cluster cluster) {
        this.cluster = cluster;
        this.place = cluster.place();
    }

    @Test
    void aWorkerLoadsNothingOfAManagersLibraries() {
        for (String worker : Cluster.WORKERS) {
            startAnew(worker);
            List<String> loaded = Eventually.holds(
                    "the classes of " + worker,
                    () -> place.inside(worker, "%s %s VM.classes".formatted(JCMD, DAEMON))
                            .out()
                            .lines()
                            .map(String::strip)
                            .toList(),
                    lines -> lines.stream().anyMatch(line -> line.endsWith(" io.panal.node.swarm.AgentSeat")));
            // A few are only named in signatures and exceptions of ours, and so loaded when those are checked.
            assertThat(loaded.stream().filter(line -> line.contains("org.apache.ratis.")))
                    .hasSizeLessThan(50);
            assertThat(loaded.stream().filter(line -> line.contains("org.bouncycastle.")))
                    .hasSizeLessThan(50);
        }
    }

    @Test
    void anIdleDaemonIsLight() {
        for (String worker : Cluster.WORKERS) {
            Eventually.asserted(() -> assertThat(megabytes(worker)).isLessThan(WORKER_MEGABYTES));
        }
        for (String manager : Cluster.MANAGERS) {
            Eventually.asserted(() -> assertThat(megabytes(manager)).isLessThan(MANAGER_MEGABYTES));
        }
    }

    /// Another test may have made it a manager for a while: what is loaded stays loaded.
    private void startAnew(String worker) {
        String before = place.inside(worker, "echo " + DAEMON).must();
        place.inside(worker, "kill " + before).must();
        String _ = Eventually.holds(
                "another daemon in " + worker,
                () -> place.inside(worker, "echo " + DAEMON).out().strip(),
                now -> !now.isEmpty() && !now.equals(before));
        cluster.awaitWhole();
    }

    private long megabytes(String machine) {
        String resident = place.inside(machine, "grep VmRSS /proc/%s/status".formatted(DAEMON))
                .must();
        return Long.parseLong(resident.replaceAll("[^0-9]", "")) >> 10;
    }
}
