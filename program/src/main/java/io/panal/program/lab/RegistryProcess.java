package io.panal.program.lab;

import io.panal.cli.command.Failure;
import io.panal.images.registry.RegistryServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/// The lab's registry: a process of its own on this host, which outlives the command that started it.
record RegistryProcess(Site site) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final Duration CONNECT = Duration.ofMillis(500);

    /// `panal lab registry ADDRESS DIRECTORY`: what the process runs.
    static int serve(List<String> words) throws Failure, IOException {
        if (words.size() != 3) {
            throw Failure.because("panal lab registry: ADDRESS:PORT and a directory are needed");
        }
        int colon = words.get(1).lastIndexOf(':');
        var address = new InetSocketAddress(
                words.get(1).substring(0, colon), Integer.parseInt(words.get(1).substring(colon + 1)));
        try (RegistryServer _ = RegistryServer.start(address, Path.of(words.get(2)))) {
            new CountDownLatch(1).await();
            return 0;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    /// Starts it when it does not run.
    ///
    /// @return whether it was started now
    boolean start() throws Failure, IOException {
        if (process().isPresent() && isListening()) {
            return false;
        }
        Files.createDirectories(site.own());
        Path log = site.own().resolve("registry.log");
        Process started = new ProcessBuilder(
                        "setsid",
                        site.home().resolve("panal").toString(),
                        "lab",
                        "registry",
                        site.registry(),
                        site.own().resolve("registry").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        Files.writeString(pidFile(), Long.toString(started.pid()));
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!isListening()) {
            if (!started.isAlive() || Instant.now().isAfter(deadline)) {
                throw Failure.because("the lab's registry does not answer on %s:\n%s"
                        .formatted(site.registry(), Files.readString(log).strip()));
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
        return true;
    }

    boolean isListening() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(site.address(), Site.REGISTRY_PORT), (int) CONNECT.toMillis());
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    void stop() throws IOException {
        Optional<ProcessHandle> running = process();
        if (running.isPresent()) {
            boolean _ = running.get().destroy();
            try {
                ProcessHandle _ = running.get().onExit().get(5, TimeUnit.SECONDS);
            } catch (TimeoutException | ExecutionException _) {
                boolean _ = running.get().destroyForcibly();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        Files.deleteIfExists(pidFile());
    }

    private Path pidFile() {
        return site.own().resolve("registry.pid");
    }

    /// A pid may have been given to another process since.
    private Optional<ProcessHandle> process() throws IOException {
        if (!Files.exists(pidFile())) {
            return Optional.empty();
        }
        String pid = Files.readString(pidFile()).strip();
        Path commandLine = Path.of("/proc", pid, "cmdline");
        return Files.exists(commandLine) && Files.readString(commandLine).contains("registry")
                ? ProcessHandle.of(Long.parseLong(pid))
                : Optional.empty();
    }
}
