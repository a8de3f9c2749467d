package io.panal.node.containers;

import io.panal.containerd.tasks.PauseTaskRequest;
import io.panal.containerd.tasks.ResumeTaskRequest;
import io.panal.node.containers.ContainersException.Reason;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Ends containers, and has them hold still.
final class Stops {
    private static final System.Logger LOG = System.getLogger(Stops.class.getName());
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(15);

    private final Containerd containerd;
    private final Lifecycle lifecycle;
    private final TrackedContainers tracked;
    private final ImageStore images;
    private final Consumer<ContainerEvent> tell;

    Stops(
            Containerd containerd,
            Lifecycle lifecycle,
            TrackedContainers tracked,
            ImageStore images,
            Consumer<ContainerEvent> tell) {
        this.containerd = containerd;
        this.lifecycle = lifecycle;
        this.tracked = tracked;
        this.images = images;
        this.tell = tell;
    }

    /// See [Containers#stop].
    boolean stop(String id, Optional<String> signal, Duration grace) throws IOException {
        var container = tracked.known(id);
        if (!container.state().isRunning() && staysEnded(container)) {
            return false;
        }
        int first = Signals.parse(signal.orElse(stopSignal(container.plan())));
        container.askToStop();
        return end(container, first, grace);
    }

    /// @return when it has ended
    private boolean end(Tracked container, int signal, Duration grace) throws IOException {
        var id = container.id();
        var ended = container.ended();
        container.askToEnd();
        try {
            boolean _ = send(container, signal);
            if (grace.isNegative()) {
                ended.await();
            } else if (!ended.await(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                kill(id, Signals.KILL);
                if (!ended.await(KILL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new ContainersException(
                            Reason.FAILED,
                            "container %s did not end within %s of being killed".formatted(id, KILL_PATIENCE));
                }
            }
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ContainersException(Reason.UNAVAILABLE, "interrupted while waiting for container " + id);
        }
    }

    /// One that waited to be started again is not to be, by no daemon after this one either.
    ///
    /// @return false when it was being started and runs now
    private static boolean staysEnded(Tracked container) throws IOException {
        container.lock.lock();
        try {
            if (container.state() instanceof ContainerState.Exited ended && !ended.asked()) {
                container.become(ended.toStay());
            }
            return !container.state().isRunning();
        } finally {
            container.lock.unlock();
        }
    }

    /// Ends it at once.
    void end(String id) throws IOException {
        var container = tracked.known(id);
        if (container.state().isRunning() || !staysEnded(container)) {
            boolean _ = end(container, Signals.KILL, KILL_PATIENCE);
        }
    }

    private String stopSignal(ContainerPlan plan) throws ContainersException {
        if (plan.process().stopSignal().isPresent()) {
            return plan.process().stopSignal().get();
        }
        var ofImage = images.find(plan.image())
                .map(image -> image.configuration().process().stopSignal());
        return ofImage.filter(name -> !name.isEmpty()).orElse("TERM");
    }

    void kill(String id, int signal) throws IOException {
        var container = tracked.running(id);
        boolean paused = container.state() instanceof ContainerState.Running running && running.paused();
        if (signal == Signals.KILL || signal == Signals.parse(stopSignal(container.plan()))) {
            container.askToEnd();
        }
        if (!send(container, signal)) {
            throw TrackedContainers.notRunning(id);
        }
        if (paused && signal == Signals.KILL) {
            thaw(id);
        }
    }

    /// The end that a signal brings is told after the signal: who tells of it holds the same lock.
    ///
    /// @return false when there is no process to take it
    private boolean send(Tracked container, int signal) throws ContainersException {
        container.lock.lock();
        try {
            var at = Instant.now();
            boolean sent = lifecycle.kill(container.id(), signal);
            if (sent) {
                tell.accept(new ContainerEvent.Signalled(container.id(), signal, at));
            }
            return sent;
        } finally {
            container.lock.unlock();
        }
    }

    /// Frozen processes do not die; newer runtimes thaw them on their own, and may be done before us.
    private void thaw(String id) throws IOException {
        try {
            resume(id);
        } catch (ContainersException refused) {
            LOG.log(Level.DEBUG, "container not thawed, it ends already id=" + id, refused);
        }
    }

    void pause(String id) throws IOException {
        var request = PauseTaskRequest.newBuilder().setContainerId(id).build();
        var container = tracked.running(id);
        container.lock.lock();
        try {
            var _ = Containerd.call(() -> containerd.tasks().pause(request));
            paused(container, true);
        } finally {
            container.lock.unlock();
        }
        tell.accept(new ContainerEvent.Paused(id, Instant.now()));
    }

    void resume(String id) throws IOException {
        var request = ResumeTaskRequest.newBuilder().setContainerId(id).build();
        var container = tracked.running(id);
        container.lock.lock();
        try {
            var _ = Containerd.call(() -> containerd.tasks().resume(request));
            paused(container, false);
        } finally {
            container.lock.unlock();
        }
        tell.accept(new ContainerEvent.Resumed(id, Instant.now()));
    }

    private static void paused(Tracked container, boolean paused) throws IOException {
        if (container.state() instanceof ContainerState.Running running) {
            container.become(new ContainerState.Running(running.startedAt(), running.pid(), paused));
        }
    }
}
