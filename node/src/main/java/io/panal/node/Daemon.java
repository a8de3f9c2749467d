package io.panal.node;

import static java.lang.System.Logger.Level.INFO;

import io.panal.core.agent.AgentEvent;
import io.panal.images.client.RegistryClient;
import io.panal.node.containers.Containerd;
import io.panal.node.containers.ContainerdProcess;
import io.panal.node.containers.Containers;
import io.panal.node.containers.ContainersSettings;
import io.panal.node.dataplane.Dataplane;
import io.panal.node.engine.BuildFacts;
import io.panal.node.engine.ContainerNetworks;
import io.panal.node.engine.ContainerWatch;
import io.panal.node.engine.Engine;
import io.panal.node.engine.EngineFacts;
import io.panal.node.engine.EventFeed;
import io.panal.node.engine.Volumes;
import io.panal.node.http.HttpServer;
import io.panal.node.http.Limits;
import io.panal.node.http.Tls;
import io.panal.node.images.LocalImages;
import io.panal.node.link.NettyMemory;
import io.panal.node.networks.Guests;
import io.panal.node.networks.LocalNetworks;
import io.panal.node.swarm.HostStreams;
import io.panal.node.swarm.SwarmLogs;
import io.panal.node.swarm.SwarmNetworks;
import io.panal.node.swarm.SwarmNode;
import io.panal.node.time.Stopwatch;
import io.panal.node.work.Surroundings;
import io.panal.node.work.TaskWork;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// This node: everything that runs in one process, joined by hand.
public final class Daemon {
    /// Of this program.
    public static final String VERSION = "0.1.0";

    private static final System.Logger LOG = System.getLogger(Daemon.class.getName());
    /// What a supervisor takes as "start me again".
    private static final int BROKEN = 70;

    private final DaemonOptions options;
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicReference<Optional<String>> broken = new AtomicReference<>(Optional.empty());

    private Daemon(DaemonOptions options) {
        this.options = options;
    }

    /// Runs until the process is told to stop (TERM, INT), or something is broken that only a restart mends.
    ///
    /// Containers go on: the next daemon takes them over.
    ///
    /// @return what to exit with
    /// @throws IOException when it cannot start, in words for the user
    public static int run(DaemonOptions options) throws IOException, InterruptedException {
        NettyMemory.bound();
        return new Daemon(options).run();
    }

    private int run() throws IOException, InterruptedException {
        Stopwatch begin = Stopwatch.started();
        Files.createDirectories(options.data());
        Files.createDirectories(options.run());
        try (FileChannel channel = FileChannel.open(
                        options.data().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = exclusive(channel)) {
            options.pidFile()
                    .ifPresent(file ->
                            write(file, Long.toString(ProcessHandle.current().pid())));
            return serve(begin);
        }
    }

    private FileLock exclusive(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
        } catch (OverlappingFileLockException _) {
            throw inUse();
        }
        throw inUse();
    }

    private IOException inUse() {
        return new IOException(
                "another daemon uses %s: stop it, or give this one a --data-root and an --exec-root of its own"
                        .formatted(options.data()));
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException failed) {
            throw new IllegalStateException("cannot write " + file, failed);
        }
    }

    private int serve(Stopwatch begin) throws IOException, InterruptedException {
        AtomicReference<SwarmNode> swarm = new AtomicReference<>();
        EventFeed events = new EventFeed();
        ContainerWatch watch = new ContainerWatch(events);
        try (Opened opened = open(swarm, watch);
                RegistryClient registries = new RegistryClient("panal/" + VERSION)) {
            LocalNetworks networks = LocalNetworks.open(options.data().resolve("networks"), opened.dataplane());
            Guests guests = new Guests(opened.dataplane(), networks);
            LocalImages images = new LocalImages(opened.containers().images(), registries);
            SwarmNode node = new SwarmNode(new SwarmNode.Host(
                    options.data(),
                    options.run(),
                    VERSION,
                    options.labels(),
                    (here, agent) -> work(opened, images, here, agent),
                    new HostStreams(opened.containers(), opened.dataplane()),
                    guests,
                    events,
                    () -> forget(opened),
                    this::stopBroken));
            swarm.set(node);
            try (Engine engine = new Engine(
                            new Engine.Parts(
                                    facts(opened),
                                    node,
                                    new SwarmLogs(node, opened.containers()),
                                    new SwarmNetworks(node),
                                    events,
                                    registries),
                            new Engine.Host(
                                    opened.containers(),
                                    images,
                                    watch,
                                    new ContainerNetworks(opened.dataplane(), networks, guests),
                                    new Volumes(options.data().resolve("volumes"))));
                    HttpServer server = new HttpServer(engine, Limits.standard(), Engine.headers(VERSION))) {
                listen(server);
                LOG.log(INFO, () -> "daemon ready took=" + begin.elapsed());
                node.restore();
                Rest.watch();
                Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::stop));
                end.await();
                boolean isHostStopping = HostShutdown.isUnderWay(options.run());
                LOG.log(INFO, () -> "daemon stopping host=" + (isHostStopping ? "stopping" : "goes on"));
                if (isHostStopping) {
                    node.part();
                }
            } finally {
                node.close();
            }
        } finally {
            stopped.countDown();
        }
        return broken.get().isPresent() ? BROKEN : 0;
    }

    private final CountDownLatch stopped = new CountDownLatch(1);

    private void stop() {
        end.countDown();
        try {
            stopped.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopBroken(String why) {
        if (broken.compareAndSet(Optional.empty(), Optional.of(why))) {
            LOG.log(System.Logger.Level.ERROR, () -> "daemon cannot go on reason=" + why);
            end.countDown();
        }
    }

    /// What holds the host's half: containers and network.
    ///
    /// @param runc its version
    private record Opened(
            ContainerdProcess process, Containerd client, Containers containers, Dataplane dataplane, String runc)
            implements AutoCloseable {
        @Override
        public void close() throws IOException {
            containers.close();
            client.close();
            dataplane.close();
            process.release();
        }
    }

    private Opened open(AtomicReference<SwarmNode> swarm, ContainerWatch watch)
            throws IOException, InterruptedException {
        try (ExecutorService scope = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Dataplane> dataplane = scope.submit(() -> Dataplane.open(Dataplane.Place.own(options.run())));
            Future<String> runc = scope.submit(RuncVersion::read);
            ContainerdProcess process = ContainerdProcess.start(options.data(), options.run());
            Containerd client = Containerd.connect(process.socket());
            Containers containers =
                    Containers.open(client, ContainersSettings.of(options.data(), options.run()), event -> {
                        SwarmNode node = swarm.get();
                        if (node != null) {
                            node.noticed(event);
                        }
                        watch.happened(event);
                    });
            return new Opened(process, client, containers, dataplane.get(), runc.get());
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException refused ? refused : new IOException(failed);
        }
    }

    /// Takes off this host what belonged to the swarm that it has left.
    private static void forget(Opened opened) {
        try {
            TaskWork.removeAll(opened.containers());
            opened.dataplane().clear();
        } catch (IOException failed) {
            LOG.log(System.Logger.Level.WARNING, "not all of the left swarm was removed", failed);
        }
    }

    private static TaskWork work(Opened opened, LocalImages images, Surroundings here, Consumer<AgentEvent> agent) {
        return new TaskWork(opened.containers(), opened.dataplane(), images, here, agent);
    }

    private EngineFacts facts(Opened opened) throws IOException {
        return new EngineFacts(
                EngineId.in(options.data()),
                VERSION,
                BuildFacts.read(),
                opened.client().version(),
                opened.runc(),
                options.data(),
                options.labels(),
                java.util.List.of(
                        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"));
    }

    private void listen(HttpServer server) throws IOException {
        for (String host : options.hosts()) {
            int scheme = host.indexOf("://");
            String where = scheme < 0 ? host : host.substring(scheme + 3);
            switch (scheme < 0 ? "" : host.substring(0, scheme)) {
                case "unix" -> server.listenUnix(Path.of(where));
                case "tcp" -> listenTcp(server, where);
                default ->
                    throw new IOException(
                            "invalid bind address (%s): it begins with unix:// or tcp://".formatted(host));
            }
        }
    }

    private void listenTcp(HttpServer server, String where) throws IOException {
        int colon = where.lastIndexOf(':');
        if (colon < 0 || !where.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw new IOException(
                    "invalid bind address (tcp://%s): it ends with a port, :2376 for example".formatted(where));
        }
        InetSocketAddress address =
                new InetSocketAddress(where.substring(0, colon), Integer.parseInt(where.substring(colon + 1)));
        if (options.tls().isPresent()) {
            DaemonOptions.TlsFiles files = options.tls().get();
            server.listenTls(address, new Tls(files.authority(), files.certificate(), files.key()));
        } else {
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "API without TLS address=%s: whoever reaches it is root on this host".formatted(address));
            server.listenTcp(address);
        }
    }
}
