package io.panal.program.lab;

import io.panal.cli.command.Failure;
import io.panal.images.registry.RegistryServer;
import io.panal.node.time.Deadline;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

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
        Optional<ProcessHandle> running = process();
        if (running.isPresent()
                && commandLine(running.get()).endsWith(line(words()))
                && awaitListening(running.get())) {
            return false;
        }
        stop();
        if (isListening()) {
            throw Failure.because(
                    "another program listens on %s, where the lab's registry is to be: ss -ltnp says which"
                            .formatted(site.registry()));
        }
        Files.createDirectories(site.own());
        Path log = site.own().resolve("registry.log");
        List<String> line =
                new ArrayList<>(List.of("setsid", site.home().resolve("panal").toString()));
        line.addAll(words());
        Process started = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        if (!awaitListening(started.toHandle())) {
            throw Failure.because("the lab's registry does not answer on %s:\n%s"
                    .formatted(site.registry(), Files.readString(log).strip()));
        }
        return true;
    }

    /// @return false when it has ended, or takes too long
    private boolean awaitListening(ProcessHandle process) {
        Deadline deadline = Deadline.after(PATIENCE);
        while (!isListening()) {
            if (!process.isAlive() || deadline.isOver()) {
                return false;
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

    void stop() {
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
    }

    private List<String> words() {
        return List.of("lab", "registry", site.registry(), directory());
    }

    private String directory() {
        return site.own().resolve("registry").toString();
    }

    /// It is known by what it was called with: who is interrupted while starting it has nowhere kept its number. The
    /// address does not count, for `lab rm` is not told of it.
    private Optional<ProcessHandle> process() {
        String start = line(List.of("", "lab", "registry"));
        String end = line(List.of("", directory()));
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(process -> {
                        String line = commandLine(process);
                        return line.contains(start) && line.endsWith(end);
                    })
                    .findFirst();
        }
    }

    /// As the kernel shows a command line.
    private static String line(List<String> words) {
        return String.join("\0", words) + "\0";
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(
                    Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            // It has ended meanwhile.
            return "";
        }
    }
}
