package io.panal.node.containers;

import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A host for a test: a containerd of its own in a temporary directory, with busybox in its store.
final class Host implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    final Path directory;
    ContainerdProcess process;
    final List<ContainerEvent> events = new CopyOnWriteArrayList<>();
    Containerd containerd;
    Containers containers;

    Host() throws IOException, InterruptedException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "panal-containers-");
        process = ContainerdProcess.start(directory.resolve("data"), directory.resolve("run"));
        open();
        BusyboxImage.load(containers.images());
    }

    private void open() throws IOException {
        containerd = Containerd.connect(process.socket());
        var settings = new ContainersSettings(
                directory.resolve("data"), directory.resolve("run"), "/panal-test-" + directory.getFileName());
        containers = Containers.open(containerd, settings, events::add);
    }

    /// What a daemon leaves that was killed: nothing was told to anyone.
    void killDaemon() {
        containers.close();
        containerd.close();
    }

    void startDaemon() throws IOException {
        open();
    }

    /// All processes gone at once and the run directory empty, as at a boot.
    void powerCut(int pid) throws IOException {
        killDaemon();
        process.release();
        var shim = ProcessHandle.of(pid).flatMap(ProcessHandle::parent).orElseThrow();
        var daemon = ProcessHandle.of(process.pid()).orElseThrow();
        daemon.destroyForcibly();
        daemon.onExit().join();
        shim.destroyForcibly();
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        until("nothing runs", () -> ProcessHandle.of(pid).isEmpty() && !shim.isAlive());
        unmountAll();
        Temporary.delete(directory.resolve("run"));
        process = ContainerdProcess.start(directory.resolve("data"), directory.resolve("run"));
        open();
    }

    private void unmountAll() throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
            var target = line.split(" ")[1];
            if (target.startsWith(directory.resolve("run").toString())) {
                command("umount", target);
            }
        }
    }

    private static void command(String... words) throws IOException {
        try {
            new ProcessBuilder(words).inheritIO().start().waitFor();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    static String id() {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    static ContainerPlan plan(String... command) {
        var id = id();
        return ContainerPlan.of(id, "c-" + id.substring(0, 8), BusyboxImage.NAME)
                .running(ProcessPlan.ofCommand(command));
    }

    static ContainerPlan shell(String script) {
        return plan("sh", "-c", script);
    }

    /// Creates and starts.
    String run(ContainerPlan plan) throws IOException {
        containers.create(plan);
        containers.start(plan.id());
        return plan.id();
    }

    ContainerState.Exited ended(String id) throws IOException, InterruptedException {
        until("container " + id + " ends", () -> state(id) instanceof ContainerState.Exited);
        return (ContainerState.Exited) state(id);
    }

    ContainerState state(String id) {
        return containers.find(id).orElseThrow().state();
    }

    String log(String id) throws IOException {
        return log(id, LogQuery.all());
    }

    String log(String id, LogQuery query) throws IOException {
        var out = new ByteArrayOutputStream();
        containers.logs(
                id,
                query,
                (_, _, text) -> out.write(text.array(), text.arrayOffset() + text.position(), text.remaining()));
        return out.toString(StandardCharsets.UTF_8);
    }

    static void until(String what, BooleanSupplier condition) {
        var deadline = Instant.now().plus(Duration.ofSeconds(30));
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                fail("not within 30 s: " + what);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() throws IOException {
        for (var container : containers.list()) {
            containers.remove(container.id(), true);
        }
        killDaemon();
        process.close();
        Temporary.delete(directory);
        ControlGroupsOfTest.remove("panal-test-" + directory.getFileName());
    }
}
