package io.panal.program;

import io.panal.cli.Cli;
import io.panal.cli.command.Session;
import io.panal.node.time.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// A daemon in a process and a directory of its own, spoken to as users do.
final class RehearsedDaemon implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofSeconds(30);
    /// At its end a daemon that learns writes its cache.
    private static final Duration END_PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Path place;
    private final Process process;

    private RehearsedDaemon(Path place, Process process) {
        this.place = place;
        this.process = process;
    }

    /// Starts it and waits until it answers.
    ///
    /// @param program the words that run `panal`
    static RehearsedDaemon start(List<String> program) throws IOException {
        Path place = Files.createTempDirectory("panal-rehearsal");
        List<String> line = new ArrayList<>(program);
        line.addAll(List.of(
                "daemon",
                "--data-root",
                place.resolve("data").toString(),
                "--exec-root",
                place.resolve("run").toString(),
                "--host",
                "unix://" + socket(place)));
        Process process = new ProcessBuilder(line).inheritIO().start();
        var daemon = new RehearsedDaemon(place, process);
        boolean _ = holds(START_PATIENCE, () -> Files.exists(socket(place)) || !process.isAlive());
        return daemon;
    }

    private static Path socket(Path place) {
        return place.resolve("run").resolve("docker.sock");
    }

    long pid() {
        return process.pid();
    }

    /// What a docker command against this daemon says; nothing that it fails at matters here.
    String play(String... words) {
        var bytes = new ByteArrayOutputStream();
        var print = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int _ = new Cli(List.of())
                .run(
                        List.of(words),
                        Map.of("DOCKER_HOST", "unix://" + socket(place)),
                        new Session.Streams(InputStream.nullInputStream(), print, print, false));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /// Waits for a condition, looking again and again.
    ///
    /// @return false when it did not come true in time
    static boolean holds(Duration patience, BooleanSupplier condition) {
        Deadline deadline = Deadline.after(patience);
        boolean holds = condition.getAsBoolean();
        while (!holds && !deadline.isOver()) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            holds = condition.getAsBoolean();
        }
        return holds;
    }

    /// As long as the daemon runs it starts containerd anew, so it ends first.
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(END_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        endContainerd(place.resolve("run").resolve("containerd").resolve("containerd.pid"));
        delete();
    }

    private static void endContainerd(Path pidFile) throws IOException {
        if (Files.exists(pidFile)) {
            Optional<ProcessHandle> containerd =
                    ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()));
            if (containerd.isPresent() && containerd.get().destroyForcibly()) {
                boolean _ = holds(START_PATIENCE, () -> !containerd.get().isAlive());
            }
        }
    }

    private void delete() throws IOException {
        List<Path> found;
        try (Stream<Path> all = Files.walk(place)) {
            found = new ArrayList<>(all.toList());
        }
        for (Path path : found.reversed()) {
            boolean _ = Files.deleteIfExists(path);
        }
    }
}
