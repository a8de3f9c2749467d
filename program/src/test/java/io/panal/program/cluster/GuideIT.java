package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Every command of docs/lab.md does what the page says, with the docker client and with our own.
///
/// Both at once, each in a lab of its own: most of the time is what the clients wait for.
@Execution(ExecutionMode.CONCURRENT)
class GuideIT {
    private static final Path PAGE = Path.of("..", "docs", "lab.md");
    private static final Duration PATIENCE = Duration.ofMinutes(12);

    @Test
    void theLabsPageIsTrueOfTheDockerClient() throws IOException {
        assertThat(followed("192.168.183.", UnaryOperator.identity()))
                .contains("+ docker node ls")
                .contains("docker-swarm-worker-3")
                .contains("+ panal lab rm");
    }

    /// A host without a docker client follows the page by reading panal for docker.
    @Test
    void theLabsPageIsTrueOfOurOwnClient() throws IOException {
        assertThat(followed("192.168.185.", line -> line.replaceAll("\\bdocker (?!swarm-)", "panal ")))
                .contains("+ panal node ls")
                .contains("docker-swarm-worker-3")
                .contains("+ panal lab rm");
    }

    /// @param network of the lab's machines, without the last number
    private static String followed(String network, UnaryOperator<String> spoken) throws IOException {
        List<String> page = Files.readAllLines(PAGE);
        try (Place place = Place.in(cidr(network))) {
            String script =
                    Guide.script(page, Path.of("..").toRealPath(), line -> spoken.apply(inPlace(line, network)));
            Path file = Files.writeString(place.storage().resolve("guide.sh"), script);
            try {
                Ran ran = Commands.run(environment(place), List.of("bash", file.toString()), PATIENCE);
                ran.must();
                return ran.out();
            } finally {
                Commands.run(environment(place), List.of(place.launcher().toString(), "lab", "rm"), PATIENCE);
            }
        }
    }

    private static String cidr(String network) {
        return network + "1/24";
    }

    /// The page's network and program are those of a host's only lab; these are the test's own.
    private static String inPlace(String line, String network) {
        return line.replace("192.168.66.", network)
                .replace(
                        "machine create --driver local docker",
                        "machine create --driver local --cidr " + cidr(network) + " docker")
                .replaceFirst("^panal lab(?= |$)(?! status| rm)", "panal lab --cidr " + cidr(network))
                .replaceFirst("^\\./panal build.*", "true")
                .replaceFirst("^export PATH=.*", "true");
    }

    private static Map<String, String> environment(Place place) {
        return Map.of(
                "MACHINE_STORAGE_PATH",
                place.storage().resolve("machines").toString(),
                "DOCKER_CONFIG",
                place.storage().resolve("no-docker-config").toString(),
                "PATH",
                place.launcher().getParent() + ":" + System.getenv("PATH"));
    }
}
