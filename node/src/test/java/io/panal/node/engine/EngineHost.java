package io.panal.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.model.Node;
import io.panal.images.client.RegistryClient;
import io.panal.node.containers.BusyboxImage;
import io.panal.node.containers.Containerd;
import io.panal.node.containers.ContainerdProcess;
import io.panal.node.containers.Containers;
import io.panal.node.containers.ContainersSettings;
import io.panal.node.http.HttpServer;
import io.panal.node.http.Limits;
import io.panal.node.images.LocalImages;
import io.panal.node.networks.LocalNetworks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A whole engine on a unix socket for a test: a containerd of its own with busybox, and the swarm it is given.
final class EngineHost implements AutoCloseable {
    final Path directory;
    final StockDocker docker;
    final EventFeed events = new EventFeed();
    private final ContainerdProcess process;
    private final Containerd containerd;
    private final Containers containers;
    private final RegistryClient registries = new RegistryClient("panal-test");
    private final Engine engine;
    private final HttpServer server;

    EngineHost(Swarm swarm, TaskLogs logs) throws IOException, InterruptedException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "panal-engine-");
        process = ContainerdProcess.start(directory.resolve("data"), directory.resolve("run"));
        containerd = Containerd.connect(process.socket());
        var watch = new ContainerWatch(events);
        var settings = new ContainersSettings(
                directory.resolve("data"), directory.resolve("run"), "/panal-test-" + directory.getFileName());
        containers = Containers.open(containerd, settings, watch);
        BusyboxImage.load(containers.images());
        var facts = new EngineFacts(
                "test-engine",
                "0.1.0",
                new BuildFacts("", ""),
                "1",
                "1",
                directory.resolve("data"),
                Map.of("zone", "a"),
                List.of("127.0.0.0/8"));
        engine = new Engine(
                new Engine.Parts(facts, swarm, logs, EngineHost::unreached, events, registries),
                new Engine.Host(
                        containers,
                        new LocalImages(containers.images(), registries),
                        watch,
                        ContainerNetworks.none(LocalNetworks.unplugged(directory.resolve("networks"))),
                        new Volumes(directory.resolve("volumes"))));
        server = new HttpServer(engine, Limits.standard(), Engine.headers("0.1.0"));
        server.listenUnix(socket());
        docker = new StockDocker("unix://" + socket());
    }

    private static NetworkHealth unreached(Node node, boolean mending) throws IOException {
        throw new IOException("node %s has no network to mend: %b".formatted(node.id(), mending));
    }

    Path socket() {
        return directory.resolve("docker.sock");
    }

    /// Asks the docker client until it answers with `wanted`, for up to a minute.
    void await(String wanted, String... question) throws Exception {
        Instant deadline = Instant.now().plusSeconds(60);
        String answer = docker.run(question).out();
        while (!answer.contains(wanted) && Instant.now().isBefore(deadline)) {
            answer = docker.run(question).out();
        }
        assertThat(answer).contains(wanted);
    }

    @Override
    public void close() throws IOException {
        server.close();
        engine.close();
        for (var container : containers.list()) {
            containers.remove(container.id(), true);
        }
        containers.close();
        containerd.close();
        registries.close();
        process.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
        for (String hierarchy : List.of(
                "",
                "cpu",
                "cpuacct",
                "memory",
                "pids",
                "devices",
                "freezer",
                "blkio",
                "cpuset",
                "hugetlb",
                "net_cls",
                "net_prio",
                "perf_event",
                "rdma",
                "misc",
                "systemd",
                "unified")) {
            Files.deleteIfExists(Path.of("/sys/fs/cgroup", hierarchy, "panal-test-" + directory.getFileName()));
        }
    }
}
