package io.panal.program;

import io.panal.cli.Cli;
import io.panal.cli.command.Session;
import io.panal.node.Daemon;
import io.panal.node.DaemonOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// A daemon's first minute, run once after a build, so that the classes it loads are kept linked in a cache.
///
/// Runs in a network namespace of its own, where nothing else is: it makes a swarm, asks it the usual questions, and
/// leaves it.
public final class DaemonRehearsal {
    private static final System.Logger LOG = System.getLogger(DaemonRehearsal.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final List<List<String>> SCENES = List.of(
            List.of("version"),
            List.of("swarm", "init", "--advertise-addr", "127.0.0.1"),
            List.of("info"),
            List.of("node", "ls"),
            List.of("service", "create", "--detach", "--name", "rehearsal", "--publish", "8000:80", "127.0.0.1:1/none"),
            List.of("service", "ls"),
            List.of("service", "ps", "rehearsal"),
            List.of("service", "scale", "--detach", "rehearsal=2"),
            List.of("service", "inspect", "rehearsal"),
            List.of("service", "rm", "rehearsal"),
            List.of("swarm", "join-token", "worker"),
            List.of("node", "inspect", "self"),
            List.of("swarm", "leave", "--force"));

    private DaemonRehearsal() {}

    public static void main(String[] words) throws IOException, InterruptedException {
        int _ = new ProcessBuilder("ip", "link", "set", "lo", "up").start().waitFor();
        Path place = Files.createTempDirectory("panal-rehearsal");
        DaemonOptions options = new DaemonOptions(
                place.resolve("data"), place.resolve("run"), List.of(), Optional.empty(), Map.of(), Optional.empty());
        Thread daemon = Thread.ofPlatform().daemon().start(() -> run(options));
        Path socket = place.resolve("run").resolve("docker.sock");
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> clear(daemon, place)));
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!Files.exists(socket) && daemon.isAlive() && Instant.now().isBefore(deadline)) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
        try {
            for (List<String> scene : SCENES) {
                play(socket, scene);
            }
        } finally {
            System.exit(0);
        }
    }

    /// As long as the daemon runs it starts containerd anew, so it ends first: by its own hook, at the same time.
    private static void clear(Thread daemon, Path place) {
        try {
            boolean _ = daemon.join(PATIENCE);
            endContainerd(place.resolve("run").resolve("containerd").resolve("containerd.pid"));
            delete(place);
        } catch (IOException failed) {
            LOG.log(System.Logger.Level.WARNING, "rehearsal not cleared away", failed);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void run(DaemonOptions options) {
        try {
            int _ = Daemon.run(options);
        } catch (IOException failed) {
            throw new IllegalStateException("the daemon did not start", failed);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void play(Path socket, List<String> words) {
        var bytes = new ByteArrayOutputStream();
        var print = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int _ = new Cli(List.of())
                .run(
                        words,
                        Map.of("DOCKER_HOST", "unix://" + socket),
                        new Session.Streams(InputStream.nullInputStream(), print, print, false));
    }

    private static void endContainerd(Path pidFile) throws IOException, InterruptedException {
        if (Files.exists(pidFile)) {
            Optional<ProcessHandle> containerd =
                    ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()));
            if (containerd.isPresent() && containerd.get().destroyForcibly()) {
                Instant deadline = Instant.now().plus(PATIENCE);
                while (containerd.get().isAlive() && Instant.now().isBefore(deadline)) {
                    LockSupport.parkNanos(LOOK_AGAIN.toNanos());
                }
            }
        }
    }

    private static void delete(Path place) throws IOException {
        List<Path> found;
        try (Stream<Path> all = Files.walk(place)) {
            found = new ArrayList<>(all.toList());
        }
        for (Path path : found.reversed()) {
            boolean _ = Files.deleteIfExists(path);
        }
    }
}
