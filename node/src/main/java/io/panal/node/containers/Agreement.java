package io.panal.node.containers;

import io.panal.containerd.events.task.TaskExit;
import io.panal.containerd.process.Process;
import io.panal.containerd.tasks.ListTasksRequest;
import io.panal.node.containers.ContainersException.Reason;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Keeps what this daemon knows of its containers in agreement with what containerd has: at the start,
/// after each break, and with every event.
final class Agreement implements EventFeed.Heard {
    private static final System.Logger LOG = System.getLogger(Agreement.class.getName());

    private final Containerd containerd;
    private final Lifecycle lifecycle;
    private final TrackedContainers tracked;
    private final Executions executions;
    private final Consumer<ContainerEvent> tell;

    Agreement(
            Containerd containerd,
            Lifecycle lifecycle,
            TrackedContainers tracked,
            Executions executions,
            Consumer<ContainerEvent> tell) {
        this.containerd = containerd;
        this.lifecycle = lifecycle;
        this.tracked = tracked;
        this.executions = executions;
        this.tell = tell;
    }

    /// A daemon that died while it removed a container may have left the container's directories.
    void sweep(ContainersSettings settings) throws IOException {
        sweep(settings.data());
        sweep(settings.run());
    }

    private void sweep(Path parent) throws IOException {
        var directory = parent.resolve("containers");
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (var entries = Files.list(directory)) {
            for (var entry : entries.toList()) {
                if (tracked.find(entry.getFileName().toString()).isEmpty()) {
                    Directories.delete(entry);
                }
            }
        }
    }

    /// Makes what is known agree with what containerd has.
    ///
    /// @return ids of the containers that have a task
    Set<String> reach() throws ContainersException {
        var tasks = new HashMap<String, Process>();
        var request = ListTasksRequest.getDefaultInstance();
        for (var task : Containerd.call(() -> containerd.tasks().list(request)).getTasksList()) {
            tasks.put(task.getId(), task);
        }
        for (var container : tracked.all()) {
            var task = Optional.ofNullable(tasks.get(container.id()));
            // One that is being started or ended has its task looked at by who does it.
            if (container.lock.tryLock()) {
                try {
                    lifecycle.agree(container, task);
                } catch (IOException failed) {
                    LOG.log(Level.ERROR, "container not adopted id=" + container.id(), failed);
                } finally {
                    container.lock.unlock();
                }
            }
        }
        return tasks.keySet();
    }

    @Override
    public void exited(TaskExit exit) {
        Thread.ofVirtual().name("exited-" + exit.getContainerId()).start(() -> end(exit));
    }

    @Override
    public void outOfMemory(String id, Instant at) {
        tracked.find(id).ifPresent(container -> {
            container.ranOutOfMemory();
            tell.accept(new ContainerEvent.OutOfMemory(id, at));
        });
    }

    @Override
    public void missed() throws ContainersException {
        var _ = reach();
    }

    private void end(TaskExit exit) {
        var id = exit.getContainerId();
        try {
            if (!exit.getId().equals(id)) {
                executions.exited(exit.getId(), exit.getExitStatus());
                return;
            }
            var container = tracked.find(id);
            if (container.isPresent()) {
                end(container.get(), exit);
            }
        } catch (IOException failed) {
            if (failed instanceof ContainersException refused && refused.reason() == Reason.UNAVAILABLE) {
                // With containerd back, or with the next daemon, all are looked at again.
                LOG.log(Level.DEBUG, "containerd went away in the middle of a container's end id=" + id, failed);
                return;
            }
            LOG.log(Level.ERROR, "container's end not tidied up id=" + id, failed);
        }
    }

    private void end(Tracked container, TaskExit exit) throws IOException {
        container.lock.lock();
        try {
            lifecycle.exited(container, exit.getPid(), exit.getExitStatus(), Records.instant(exit.getExitedAt()));
        } finally {
            container.lock.unlock();
        }
    }
}
