package io.panal.node.containers;

import io.panal.containerd.containers.GetContainerRequest;
import io.panal.containerd.snapshots.MountsRequest;
import io.panal.containerd.tasks.CreateTaskRequest;
import io.panal.containerd.tasks.KillRequest;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import tools.jackson.databind.json.JsonMapper;

/// Goes through what a first container needs, without making one: loading and linking the classes for it takes
/// several times as long as the work itself, and need not wait for that container.
final class Rehearsal {
    private static final System.Logger LOG = System.getLogger(Rehearsal.class.getName());
    private static final String NOBODY = "0".repeat(64);

    private final Containerd containerd;
    private final ContainersSettings settings;
    private final StreamPump pump;
    private final HostFacts host;

    Rehearsal(Containerd containerd, ContainersSettings settings, StreamPump pump, HostFacts host) {
        this.containerd = containerd;
        this.settings = settings;
        this.pump = pump;
        this.host = host;
    }

    void run() {
        try {
            write();
            ask();
            print();
        } catch (IOException | InterruptedException failed) {
            LOG.log(Level.DEBUG, "rehearsal broken off", failed);
        }
    }

    private void write() throws IOException {
        var plan = ContainerPlan.of(NOBODY, "nobody", "none").running(ProcessPlan.ofCommand("true"));
        var process = new RuntimeProcess(
                List.of("true"),
                RuntimeProcess.environment("nobody", false, List.of()),
                "/",
                Accounts.none().resolve("", List.of()),
                Capabilities.of(SecurityPlan.standard(), host.capabilities()),
                List.of(),
                false,
                false);
        var specification = new RuntimeSpecification(
                        plan, process, host, settings.directory(NOBODY), settings.cgroup(NOBODY))
                .json();
        var kept = JsonMapper.shared().writeValueAsBytes(new Records.Kept(plan, NOBODY));
        var _ = JsonMapper.shared().readValue(kept, Records.Kept.class);
        var state = JsonMapper.shared()
                .writerFor(ContainerState.class)
                .writeValueAsBytes(new ContainerState.Running(Instant.EPOCH, 1, false));
        LOG.log(Level.DEBUG, () -> "rehearsed bytes=%d".formatted(specification.length + kept.length + state.length));
    }

    /// containerd has no such container, and says so.
    private void ask() throws ContainersException {
        var get = GetContainerRequest.newBuilder().setId(NOBODY).build();
        Containerd.remove(() -> containerd.containers().get(get));
        var mounts = MountsRequest.newBuilder()
                .setSnapshotter(Containerd.SNAPSHOTTER)
                .setKey(NOBODY)
                .build();
        Containerd.remove(() -> containerd.snapshots().mounts(mounts));
        var kill = KillRequest.newBuilder().setContainerId(NOBODY).build();
        Containerd.remove(() -> containerd.tasks().kill(kill));
        var create = CreateTaskRequest.newBuilder().setContainerId(NOBODY).build();
        Containerd.remove(() -> containerd.tasks().create(create));
    }

    /// A line through a pipe of nobody.
    private void print() throws IOException, InterruptedException {
        var directory = settings.pipes(NOBODY);
        Files.createDirectories(directory);
        var streams = ProcessStreams.in(directory, "", true, false);
        streams.make();
        var heard = new CountDownLatch(1);
        var source = pump.read(Path.of(streams.output()), new StreamPump.Sink() {
            @Override
            public boolean take(byte[] bytes, int length) {
                heard.countDown();
                return true;
            }

            @Override
            public void end() {
                heard.countDown();
            }
        });
        try (var pipe = new InputPipe(pump, Path.of(streams.output()), () -> {})) {
            pipe.write("rehearsal\n".getBytes(StandardCharsets.UTF_8));
            heard.await();
        }
        source.finish();
        source.ended().await();
        streams.remove();
        Files.delete(directory);
    }
}
