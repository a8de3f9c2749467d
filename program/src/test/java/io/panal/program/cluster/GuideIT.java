package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Every command of docs/lab.md does what the page says, with the docker client and with our own.
class GuideIT {
    private static final Path PAGE = Path.of("..", "docs", "lab.md");
    private static final String NETWORK = "192.168.183.";
    private static final String CIDR = NETWORK + "1/24";
    private static final Duration PATIENCE = Duration.ofMinutes(12);

    private final Place place = Place.in(CIDR);

    @AfterEach
    void clear() {
        Commands.run(environment(), List.of(launcher(), "lab", "rm"), PATIENCE);
        place.close();
    }

    @Test
    void theLabsPageIsTrueOfTheDockerClient() throws IOException {
        assertThat(followed(UnaryOperator.identity()))
                .contains("+ docker node ls")
                .contains("docker-swarm-worker-3")
                .contains("+ panal lab rm");
    }

    /// A host without a docker client follows the page by reading panal for docker.
    @Test
    void theLabsPageIsTrueOfOurOwnClient() throws IOException {
        assertThat(followed(line -> line.replaceAll("\\bdocker (?!swarm-)", "panal ")))
                .contains("+ panal node ls")
                .contains("docker-swarm-worker-3")
                .contains("+ panal lab rm");
    }

    private String followed(UnaryOperator<String> spoken) throws IOException {
        List<String> page = Files.readAllLines(PAGE);
        String script = Guide.script(page, Path.of("..").toRealPath(), line -> spoken.apply(inPlace(line)));
        Path file = Files.writeString(place.storage().resolve("guide.sh"), script);
        Ran ran = Commands.run(environment(), List.of("bash", file.toString()), PATIENCE);
        ran.must();
        return ran.out();
    }

    /// The page's network and program are those of a host's only lab; these are the test's own.
    private static String inPlace(String line) {
        return line.replace("192.168.66.", NETWORK)
                .replace(
                        "machine create --driver local docker",
                        "machine create --driver local --cidr " + CIDR + " docker")
                .replaceFirst("^panal lab(?= |$)(?! status| rm)", "panal lab --cidr " + CIDR)
                .replaceFirst("^\\./panal build.*", "true")
                .replaceFirst("^export PATH=.*", "true");
    }

    private String launcher() {
        return place.launcher().toString();
    }

    private Map<String, String> environment() {
        return Map.of(
                "MACHINE_STORAGE_PATH",
                place.storage().resolve("machines").toString(),
                "DOCKER_CONFIG",
                place.storage().resolve("no-docker-config").toString(),
                "PATH",
                place.launcher().getParent() + ":" + System.getenv("PATH"));
    }
}
