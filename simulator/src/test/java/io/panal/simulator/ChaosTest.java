package io.panal.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whatever goes wrong, no law is broken; and when it is over, the cluster comes to what its specs say.
class ChaosTest {
    private static final long SEEDS = 60;
    private static final int STEPS = 25;

    /// One seed with `-Dpanal.seed=N`, as a failure's line says; other ones with `-Dpanal.seeds=FROM-TO`.
    @Test
    @Timeout(600)
    void afterAnyFaultsTheClusterComesToWhatItsSpecsSay() {
        List<String> failures = seeds().parallel()
                .mapToObj(ChaosTest::failure)
                .flatMap(Optional::stream)
                .toList();

        assertThat(failures).isEmpty();
    }

    @Test
    void theSameSeedIsTheSameHistory() {
        assertThat(Chaos.run(7, STEPS)).isEqualTo(Chaos.run(7, STEPS)).hasSizeGreaterThan(STEPS / 2);
    }

    private static LongStream seeds() {
        Long one = Long.getLong("panal.seed");
        String[] range = System.getProperty("panal.seeds", "1-" + SEEDS).split("-");
        return one != null
                ? LongStream.of(one)
                : LongStream.rangeClosed(Long.parseLong(range[0]), Long.parseLong(range[1]));
    }

    private static Optional<String> failure(long seed) {
        try {
            Chaos.run(seed, STEPS);
            return Optional.empty();
        } catch (BrokenLaw broken) {
            return Optional.of("git checkout %s && mvn -pl simulator -am test -Dtest=ChaosTest -Dpanal.seed=%d %s # %s"
                    .formatted(commit(), seed, "-Dsurefire.failIfNoSpecifiedTests=false", broken.getMessage()));
        }
    }

    private static String commit() {
        try {
            Process git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD").start();
            String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return commit.isEmpty() ? "HEAD" : commit;
        } catch (IOException noGit) {
            return "HEAD";
        }
    }
}
