package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.images.client.RegistryClient;
import io.panal.images.debian.DebianImages;
import io.panal.images.reference.InvalidReferenceException;
import io.panal.images.reference.Reference;
import io.panal.images.registry.RegistryServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// Three managers and two workers on real machines, joined into a swarm by the stock client, with a registry that
/// holds Debian's nginx and busybox.
///
/// Made once for all tests that share it; each leaves it whole.
final class Cluster implements AutoCloseable {
    static final List<String> MANAGERS = List.of("manager-1", "manager-2", "manager-3");
    static final List<String> WORKERS = List.of("worker-1", "worker-2");
    static final List<String> MACHINES =
            Stream.concat(MANAGERS.stream(), WORKERS.stream()).toList();

    private static final Path CACHE = Path.of("/var/cache/panal/images");
    private static final int REGISTRY_PORT = 5000;

    private final AtomicInteger ports = new AtomicInteger(8100);
    private final Place place;
    private final RegistryServer registry;

    private Cluster(Place place, RegistryServer registry) {
        this.place = place;
        this.registry = registry;
    }

    static Cluster make() throws IOException {
        Place place = Place.in("192.168.181.1/24");
        try {
            place.create(MACHINES.toArray(String[]::new));
            RegistryServer registry = RegistryServer.start(
                    new InetSocketAddress(place.host(), REGISTRY_PORT),
                    place.storage().resolve("registry"));
            Cluster cluster = new Cluster(place, registry);
            cluster.fill();
            cluster.join();
            return cluster;
        } catch (IOException | RuntimeException | AssertionError failed) {
            place.close();
            throw failed;
        }
    }

    private void fill() throws IOException {
        try (RegistryClient client = new RegistryClient("panal-it")) {
            DebianImages.push(DebianImages.busybox(CACHE, _ -> {}), reference("busybox"), client);
            DebianImages.push(DebianImages.nginx(CACHE, _ -> {}), reference("nginx"), client);
        }
    }

    private Reference reference(String image) throws IOException {
        try {
            return Reference.parse(image(image)).taggedByDefault();
        } catch (InvalidReferenceException invalid) {
            throw new IOException(invalid.getMessage(), invalid);
        }
    }

    private void join() {
        String first = MANAGERS.getFirst();
        place.docker(first, "swarm", "init", "--advertise-addr", place.address(first))
                .must();
        for (String name : MANAGERS.subList(1, MANAGERS.size())) {
            place.docker(name, "swarm", "join", "--token", token("manager"), place.address(first) + ":2377")
                    .must();
        }
        for (String name : WORKERS) {
            place.docker(name, "swarm", "join", "--token", token("worker"), place.address(first) + ":2377")
                    .must();
        }
        awaitWhole();
    }

    String token(String role) {
        return docker("swarm", "join-token", "-q", role).must();
    }

    Place place() {
        return place;
    }

    /// An image of the cluster's registry.
    String image(String name) {
        return "%s:%d/%s".formatted(place.host(), REGISTRY_PORT, name);
    }

    /// A port that no other test publishes.
    int port() {
        return ports.getAndIncrement();
    }

    /// The stock client against the first manager that answers.
    Ran docker(String... words) {
        return place.docker(manager(), words);
    }

    String address(String machine) {
        return place.address(machine);
    }

    private String manager() {
        return MANAGERS.stream()
                .filter(name -> place.docker(name, "node", "ls", "-q").isWell())
                .findFirst()
                .orElse(MANAGERS.getFirst());
    }

    /// The machine that leads.
    String leader() {
        return Eventually.holds(
                "the swarm's leader",
                () -> docker("node", "ls", "--format", "{{.Hostname}} {{.ManagerStatus}}")
                        .out()
                        .lines()
                        .filter(line -> line.endsWith(" Leader"))
                        .map(line -> line.substring(0, line.indexOf(' ')))
                        .findFirst()
                        .orElse(""),
                name -> !name.isEmpty());
    }

    /// Another manager than the given one.
    static String otherManager(String than) {
        return MANAGERS.stream().filter(name -> !name.equals(than)).findFirst().orElseThrow();
    }

    /// Waits until every node is ready and every manager reachable, asked of each manager.
    void awaitWhole() {
        for (String manager : MANAGERS) {
            Eventually.asserted(() -> {
                List<String> nodes = place.docker(manager, "node", "ls", "--format", "{{.Status}} {{.ManagerStatus}}")
                        .must()
                        .lines()
                        .map(String::strip)
                        .sorted()
                        .toList();
                assertThat(nodes)
                        .containsExactly("Ready", "Ready", "Ready Leader", "Ready Reachable", "Ready Reachable");
            });
        }
    }

    /// The states in which a service's tasks that are wanted now are, such as `Running`.
    List<String> states(String service) {
        return docker("service", "ps", "--filter", "desired-state=running", "--format", "{{.CurrentState}}", service)
                .out()
                .lines()
                .map(line -> line.split(" ")[0])
                .toList();
    }

    /// The machines on which a service's tasks run.
    List<String> machinesOf(String service) {
        return docker(
                        "service",
                        "ps",
                        "--filter",
                        "desired-state=running",
                        "--format",
                        "{{.Node}} {{.CurrentState}}",
                        service)
                .out()
                .lines()
                .filter(line -> line.contains(" Running "))
                .map(line -> line.split(" ")[0])
                .sorted()
                .toList();
    }

    /// Waits until as many tasks of a service run as are wanted.
    void awaitRunning(String service, int tasks) {
        Eventually.is(
                "running tasks of " + service,
                "%d/%d".formatted(tasks, tasks),
                () -> docker("service", "ls", "--filter", "name=" + service, "--format", "{{.Name}} {{.Replicas}}")
                        .out()
                        .lines()
                        .filter(line -> line.startsWith(service + " "))
                        .map(line -> line.split(" ")[1])
                        .findFirst()
                        .orElse(""));
    }

    /// Removes a service; its test is over.
    void remove(String service) {
        docker("service", "rm", service);
    }

    @Override
    public void close() {
        registry.close();
        place.close();
    }
}
