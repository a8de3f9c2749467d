package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Images, from the registry to the tasks and back.
@ExtendWith(SharedCluster.class)
class ImageIT {
    private static final String NAME = "pulled";

    private final Cluster cluster;
    private final Place place;

    ImageIT(Cluster cluster) {
        this.cluster = cluster;
        this.place = cluster.place();
    }

    @AfterEach
    void clear() {
        cluster.remove(NAME);
    }

    @Test
    void anImageComesByTagAndByDigest() {
        String pulled =
                place.docker("manager-1", "pull", cluster.image("busybox")).must();
        assertThat(pulled).contains("Digest: sha256:").endsWith(cluster.image("busybox") + ":latest");
        String digest = pulled.lines()
                .filter(line -> line.startsWith("Digest: "))
                .map(line -> line.substring("Digest: ".length()))
                .findFirst()
                .orElseThrow();
        String exact = cluster.image("busybox") + "@" + digest;
        cluster.docker("service", "create", "-d", "--name", NAME, exact, "sleep", "1000")
                .must();
        cluster.awaitRunning(NAME, 1);
        assertThat(cluster.docker("service", "inspect", "--format", "{{.Spec.TaskTemplate.ContainerSpec.Image}}", NAME)
                        .must())
                .isEqualTo(exact);
    }

    @Test
    void aTagPushedFromOneMachineRunsOnAnother() {
        String own = cluster.image("own/tool") + ":2";
        place.docker("manager-2", "pull", cluster.image("busybox")).must();
        place.docker("manager-2", "tag", cluster.image("busybox"), own).must();
        assertThat(place.docker("manager-2", "push", own).must()).contains("digest: sha256:");
        cluster.docker(
                        "service",
                        "create",
                        "-d",
                        "--name",
                        NAME,
                        "--constraint",
                        "node.hostname==worker-2",
                        own,
                        "sleep",
                        "1000")
                .must();
        cluster.awaitRunning(NAME, 1);
        assertThat(cluster.machinesOf(NAME)).containsExactly("worker-2");
    }

    /// Some pull it at once on one machine, and all machines do.
    @Test
    void anImageThatIsNowhereYetComesForSixServicesAtOnce() throws Exception {
        List<String> services = IntStream.rangeClosed(1, 6)
                .mapToObj(number -> NAME + "-" + number)
                .toList();
        String image = pushedFresh();
        try (ExecutorService scope = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String service : services) {
                String manager = Cluster.MANAGERS.get(services.indexOf(service) % 3);
                Future<?> _ = scope.submit(() -> place.docker(
                                manager,
                                "service",
                                "create",
                                "-d",
                                "--name",
                                service,
                                "--replicas",
                                "5",
                                image,
                                "sleep",
                                "1000")
                        .must());
            }
        }
        try {
            for (String service : services) {
                cluster.awaitRunning(service, 5);
                assertThat(cluster.docker("service", "ps", "-q", service).must().lines())
                        .as("no task of %s was rejected and replaced", service)
                        .hasSize(5);
            }
        } finally {
            services.forEach(cluster::remove);
        }
    }

    /// An image with a layer that no machine has had.
    private String pushedFresh() throws IOException {
        String image = cluster.image("fresh") + ":1";
        Path context = Files.createDirectory(place.storage().resolve("context"));
        byte[] layer = new byte[4 << 20];
        new SplittableRandom(1).nextBytes(layer);
        Files.write(context.resolve("layer"), layer);
        Files.writeString(
                context.resolve("Dockerfile"), "FROM %s%nCOPY layer /layer%n".formatted(cluster.image("busybox")));
        place.docker("manager-1", "build", "-t", image, context.toString()).must();
        place.docker("manager-1", "push", image).must();
        place.docker("manager-1", "rmi", image).must();
        return image;
    }

    @Test
    void aTaskWithoutItsImageIsRejectedWithTheReason() {
        String missing = cluster.image("none") + ":9";
        Ran ran = cluster.docker("service", "create", "-d", "--name", NAME, missing);
        ran.must();
        assertThat(ran.err()).contains("image %s could not be accessed on a registry to record".formatted(missing));
        Eventually.holds(
                "the task's error",
                () -> cluster.docker("service", "ps", "--no-trunc", "--format", "{{.CurrentState}} {{.Error}}", NAME)
                        .must(),
                said -> said.contains("Rejected") && (said.contains("unknown") || said.contains("No such image")));
    }
}
