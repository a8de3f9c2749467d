package io.panal.node.containers;

import io.panal.containerd.process.Process;
import io.panal.containerd.snapshots.MountsRequest;
import io.panal.containerd.snapshots.PrepareSnapshotRequest;
import io.panal.containerd.tasks.CloseIORequest;
import io.panal.containerd.tasks.CreateTaskRequest;
import io.panal.containerd.tasks.DeleteTaskRequest;
import io.panal.containerd.tasks.GetRequest;
import io.panal.containerd.tasks.KillRequest;
import io.panal.containerd.tasks.StartRequest;
import io.panal.containerd.types.Mount;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Gives a container a process and takes it away: containerd's task, the pipes, the state, in an order that a crash
/// between any two steps does not harm. Each method is called with the container's lock held.
final class Lifecycle {
    private static final System.Logger LOG = System.getLogger(Lifecycle.class.getName());
    private static final int DELETE_ATTEMPTS = 10;
    private static final Duration DELETE_AGAIN = Duration.ofMillis(100);

    /// The exit code of a process whose end nobody saw, as docker has it.
    static final int UNSEEN = 255;

    private final Containerd containerd;
    private final ContainersSettings settings;
    private final Records records;
    private final StreamPump pump;
    private final Consumer<ContainerEvent> tell;

    Lifecycle(
            Containerd containerd,
            ContainersSettings settings,
            Records records,
            StreamPump pump,
            Consumer<ContainerEvent> tell) {
        this.containerd = containerd;
        this.settings = settings;
        this.records = records;
        this.pump = pump;
        this.tell = tell;
    }

    /// The writable layer. The container's record must be there: without it, it would be collected as garbage.
    List<Mount> prepare(String id, String parent) throws ContainersException {
        var request = PrepareSnapshotRequest.newBuilder()
                .setSnapshotter(Containerd.SNAPSHOTTER)
                .setKey(id)
                .setParent(parent)
                .build();
        return Containerd.call(() -> containerd.snapshots().prepare(request)).getMountsList();
    }

    private List<Mount> mounts(Tracked container) throws ContainersException {
        if (container.mounts().isEmpty()) {
            var request = MountsRequest.newBuilder()
                    .setSnapshotter(Containerd.SNAPSHOTTER)
                    .setKey(container.id())
                    .build();
            container.mountedBy(Containerd.call(() -> containerd.snapshots().mounts(request))
                    .getMountsList());
        }
        return container.mounts();
    }

    void start(Tracked container) throws IOException {
        var before = container.state();
        var streams = streams(container);
        Files.createDirectories(settings.pipes(container.id()));
        streams.make();
        container.output.open(streams);
        try {
            run(container, streams);
        } catch (ContainersException failed) {
            clear(container);
            container.become(startedInVain(before, failed));
            throw failed;
        }
    }

    /// One that ran before is still one that ended: only so is it known later that it is to be started again.
    private static ContainerState startedInVain(ContainerState before, ContainersException failed) {
        return switch (before) {
            case ContainerState.Exited ended ->
                ended.startedInVain(CommandExit.of(failed, CommandExit.NOT_STARTED), failed.text());
            case ContainerState.Created _ ->
                new ContainerState.Created(CommandExit.of(failed, CommandExit.NOT_STARTED), failed.text());
            case ContainerState.Running _ -> throw new IllegalStateException("started while it ran: " + before);
        };
    }

    /// Takes away what a start in vain left: containerd may have died when all was done but its answer.
    private void clear(Tracked container) throws IOException {
        try {
            boolean _ = kill(container.id(), Signals.KILL);
            deleteTask(container.id());
        } catch (ContainersException refused) {
            LOG.log(Level.WARNING, "task left behind by a start in vain id=" + container.id(), refused);
        }
        container.noInput();
        container.output.finish();
    }

    private void run(Tracked container, ProcessStreams streams) throws IOException {
        if (!streams.input().isEmpty()) {
            container.takesInput(input(container.id(), streams));
        }
        var create = CreateTaskRequest.newBuilder()
                .setContainerId(container.id())
                .addAllRootfs(mounts(container))
                .setStdin(streams.input())
                .setStdout(streams.output())
                .setStderr(streams.error())
                .setTerminal(container.plan().process().terminal())
                .setOptions(records.options())
                .build();
        int pid = Containerd.call(() -> containerd.tasks().create(create)).getPid();
        // Written before the process runs: its end may be quicker than the answer to its start.
        var begun = Instant.now();
        container.become(new ContainerState.Running(begun, pid, false));
        var start = StartRequest.newBuilder().setContainerId(container.id()).build();
        var _ = Containerd.call(() -> containerd.tasks().start(start));
        tell.accept(new ContainerEvent.Started(container.id(), pid, begun));
    }

    private InputPipe input(String id, ProcessStreams streams) throws IOException {
        var request =
                CloseIORequest.newBuilder().setContainerId(id).setStdin(true).build();
        return new InputPipe(
                pump,
                Path.of(streams.input()),
                () -> Containerd.remove(() -> containerd.tasks().closeIO(request)));
    }

    private ProcessStreams streams(Tracked container) {
        var process = container.plan().process();
        return ProcessStreams.in(settings.pipes(container.id()), "", process.terminal(), process.stdin());
    }

    /// Its first process ended. Told at once, tidied up afterwards.
    ///
    /// @param pid that ended: the end of an earlier run, heard late, is none of this one
    void exited(Tracked container, int pid, int code, Instant at) throws IOException {
        if (!(container.state() instanceof ContainerState.Running running) || running.pid() != pid) {
            return;
        }
        boolean outOfMemory = container.wasOutOfMemory()
                || (code == 128 + Signals.KILL && ControlGroups.killedForMemory(settings.cgroup(container.id())));
        var exited = new ContainerState.Exited(
                running.startedAt(), at, code, outOfMemory, container.wasAskedToEnd(), Optional.empty());
        container.noInput();
        container.output.finish();
        container.become(exited);
        tell.accept(new ContainerEvent.Exited(container.id(), code, at, outOfMemory));
        if (container.wasAskedToStop()) {
            tell.accept(new ContainerEvent.Stopped(container.id(), Instant.now()));
        }
        deleteTask(container.id());
        streams(container).remove();
    }

    /// A shim that was killed is tidied up by containerd, which takes a moment in which it refuses; containerd itself
    /// may just be starting again.
    private void deleteTask(String id) throws ContainersException {
        var request = DeleteTaskRequest.newBuilder().setContainerId(id).build();
        for (int attempt = 1; ; attempt++) {
            try {
                Containerd.remove(() -> containerd.tasks().delete(request));
                return;
            } catch (ContainersException refused) {
                boolean passes = refused.reason() == ContainersException.Reason.FAILED
                        || refused.reason() == ContainersException.Reason.UNAVAILABLE;
                if (!passes || attempt == DELETE_ATTEMPTS) {
                    throw refused;
                }
                LockSupport.parkNanos(DELETE_AGAIN.toNanos());
            }
        }
    }

    /// Makes state and task agree again, after a time in which nobody looked.
    ///
    /// @param listed as containerd listed it a while ago: it may have been started or ended since, so that what
    ///     containerd says now counts
    void agree(Tracked container, Optional<Process> listed) throws IOException {
        boolean running = container.state().isRunning();
        if (listed.isEmpty() && !running) {
            return;
        }
        Optional<Process> now = task(container.id());
        if (now.isPresent()) {
            adopt(container, now.get());
        } else {
            lost(container);
        }
    }

    private Optional<Process> task(String id) throws ContainersException {
        var request = GetRequest.newBuilder().setContainerId(id).build();
        try {
            return Optional.of(
                    Containerd.call(() -> containerd.tasks().get(request)).getProcess());
        } catch (ContainersException refused) {
            if (refused.reason() == ContainersException.Reason.MISSING) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    private void adopt(Tracked container, Process task) throws IOException {
        switch (task.getStatus()) {
            case RUNNING, PAUSED, PAUSING -> adoptRunning(container, task);
            case STOPPED -> {
                if (container.state() instanceof ContainerState.Running) {
                    exited(container, task.getPid(), task.getExitStatus(), Records.instant(task.getExitedAt()));
                } else {
                    deleteTask(container.id());
                }
            }
            case CREATED -> forget(container);
            case UNKNOWN, UNRECOGNIZED ->
                LOG.log(
                        Level.WARNING,
                        () -> "task in an unknown state id=%s status=%s".formatted(container.id(), task.getStatus()));
        }
    }

    private void adoptRunning(Tracked container, Process task) throws IOException {
        boolean paused = task.getStatus() != io.panal.containerd.process.Status.RUNNING;
        var since = container.state() instanceof ContainerState.Running running ? running.startedAt() : Instant.now();
        container.become(new ContainerState.Running(since, task.getPid(), paused));
        if (!container.output.isOpen()) {
            var streams = streams(container);
            container.output.open(streams);
            if (!streams.input().isEmpty()) {
                container.takesInput(input(container.id(), streams));
            }
            LOG.log(Level.INFO, () -> "container adopted id=%s pid=%d".formatted(container.id(), task.getPid()));
        }
    }

    /// A start that the daemon did not live to finish.
    private void forget(Tracked container) throws IOException {
        kill(container.id(), Signals.KILL);
        deleteTask(container.id());
        container.output.finish();
        container.become(
                new ContainerState.Created(CommandExit.NOT_STARTED, "the daemon ended while it started the container"));
    }

    /// containerd has no task of it: the host was switched off, or its shim killed.
    private void lost(Tracked container) throws IOException {
        if (container.state() instanceof ContainerState.Running running) {
            exited(container, running.pid(), UNSEEN, Instant.now());
        }
    }

    /// @return false when there is no process to take the signal
    boolean kill(String id, int signal) throws ContainersException {
        var request =
                KillRequest.newBuilder().setContainerId(id).setSignal(signal).build();
        try {
            var _ = Containerd.call(() -> containerd.tasks().kill(request));
            return true;
        } catch (ContainersException refused) {
            if (refused.reason() == ContainersException.Reason.MISSING) {
                return false;
            }
            throw refused;
        }
    }
}
