package io.panal.node.containers;

import io.panal.node.time.Deadline;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/// A containerd of our own, with its own directories and socket.
///
/// It lives in a session of its own, so it outlives this process; the next one adopts it by its pid file. When it dies
/// it is started again: its containers go on meanwhile, each held by its shim.
public final class ContainerdProcess implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ContainerdProcess.class.getName());
    private static final Duration START_PATIENCE = Duration.ofSeconds(30);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(3);
    private static final Duration PAUSE_BETWEEN_STARTS = Duration.ofSeconds(1);

    private final Path root;
    private final Path state;
    private volatile ProcessHandle process;
    private volatile boolean stopping;

    private ContainerdProcess(Path root, Path state) throws IOException {
        this.root = root;
        this.state = state;
        Files.createDirectories(root);
        Files.createDirectories(state);
        var running = adopted();
        if (running.isPresent()) {
            process = running.get();
            awaitReady();
            LOG.log(Level.INFO, () -> "containerd adopted pid=" + process.pid());
        } else {
            process = launch();
            awaitReady();
            LOG.log(Level.INFO, () -> "containerd started pid=" + process.pid());
        }
        Thread.ofPlatform().daemon().name("containerd-watch").start(this::watch);
    }

    /// Starts or adopts the containerd of these directories and returns when it answers.
    ///
    /// @param data  it keeps images and snapshots in `containerd` below; must not lie on an overlay file system
    /// @param run   its socket and what may be lost at a reboot are in `containerd` below
    public static ContainerdProcess start(Path data, Path run) throws IOException {
        return new ContainerdProcess(data.resolve("containerd"), run.resolve("containerd"));
    }

    /// Where it listens.
    public Path socket() {
        return state.resolve("containerd.sock");
    }

    public long pid() {
        return process.pid();
    }

    /// Lets the process go on living without us: what a daemon does that stops but leaves its containers running.
    public void release() {
        stopping = true;
    }

    /// Ends containerd in order. Its containers are not stopped by this.
    @Override
    public void close() throws IOException {
        stopping = true;
        var ending = process;
        ending.destroy();
        try {
            ending.onExit().get(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            LOG.log(Level.WARNING, () -> "containerd killed, it did not stop in time pid=" + ending.pid());
            ending.destroyForcibly();
        } catch (ExecutionException failed) {
            throw new IOException("cannot wait for containerd's end", failed);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(pidFile());
    }

    private Path pidFile() {
        return state.resolve("containerd.pid");
    }

    private Path configuration() {
        return state.resolve("config.toml");
    }

    private Optional<ProcessHandle> adopted() throws IOException {
        if (!Files.exists(pidFile())) {
            return Optional.empty();
        }
        var text = Files.readString(pidFile()).strip();
        return text.matches("[0-9]{1,9}")
                ? ProcessHandle.of(Long.parseLong(text)).filter(this::isOurs)
                : Optional.empty();
    }

    /// A pid may have been given to another process since.
    private boolean isOurs(ProcessHandle candidate) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(candidate.pid()), "cmdline"))
                    .contains(configuration().toString());
        } catch (IOException _) {
            return false;
        }
    }

    private ProcessHandle launch() throws IOException {
        Files.writeString(configuration(), ContainerdSettings.toml(root, state, socket()));
        Files.deleteIfExists(socket());
        var builder = new ProcessBuilder(
                List.of("setsid", "containerd", "--config", configuration().toString()));
        var log = state.resolve("containerd.log").toFile();
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        try {
            var started = builder.start().toHandle();
            Files.writeString(pidFile(), Long.toString(started.pid()));
            return started;
        } catch (IOException failed) {
            throw new IOException(
                    "cannot start containerd; install it, on Debian: apt-get install containerd runc", failed);
        }
    }

    private void awaitReady() throws IOException {
        var deadline = Deadline.after(START_PATIENCE);
        while (!isListening()) {
            if (!process.isAlive()) {
                throw new IOException("containerd ended at its start; see " + state.resolve("containerd.log"));
            }
            if (deadline.isOver()) {
                throw new IOException("containerd does not answer on %s within %s".formatted(socket(), START_PATIENCE));
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    /// containerd opens its socket when all its plugins are ready.
    private boolean isListening() {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket()));
        } catch (IOException _) {
            return false;
        }
    }

    private void watch() {
        while (!stopping) {
            var watched = process;
            watched.onExit().join();
            if (!stopping) {
                LOG.log(Level.WARNING, () -> "containerd died, starting it again pid=" + watched.pid());
                relaunch();
            }
        }
    }

    private void relaunch() {
        try {
            process = launch();
            awaitReady();
            LOG.log(Level.INFO, () -> "containerd started pid=" + process.pid());
        } catch (IOException failed) {
            LOG.log(Level.ERROR, "containerd does not start, trying again", failed);
            LockSupport.parkNanos(PAUSE_BETWEEN_STARTS.toNanos());
        }
    }
}
