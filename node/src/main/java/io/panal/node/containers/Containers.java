package io.panal.node.containers;

import io.panal.containerd.events.task.TaskExit;
import io.panal.containerd.process.Process;
import io.panal.containerd.snapshots.RemoveSnapshotRequest;
import io.panal.containerd.tasks.ListPidsRequest;
import io.panal.containerd.tasks.ListTasksRequest;
import io.panal.containerd.tasks.PauseTaskRequest;
import io.panal.containerd.tasks.ResizePtyRequest;
import io.panal.containerd.tasks.ResumeTaskRequest;
import io.panal.containerd.tasks.UpdateTaskRequest;
import io.panal.node.containers.ContainersException.Reason;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/// The containers on this host.
///
/// Safe for any number of threads; a call returns when it is done, so a virtual thread is the one to make it. What it
/// answers is always what is: a container that a former daemon made is here as one of this daemon's own.
public final class Containers implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Containers.class.getName());
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(15);

    private final Containerd containerd;
    private final ContainersSettings settings;
    private final ContainerListener listener;
    private final ImageStore images;
    private final Records records;
    private final HostFacts host;
    private final StreamPump pump;
    private final Lifecycle lifecycle;
    private final EventFeed feed;
    private final Creation creation;
    private final TrackedContainers tracked = new TrackedContainers();
    private final Executions executions;
    private final ExecutorService teller = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("container-listener").factory());

    private Containers(Containerd containerd, ContainersSettings settings, ContainerListener listener)
            throws IOException {
        this.containerd = containerd;
        this.settings = settings;
        this.listener = listener;
        this.images = new ImageStore(containerd);
        this.records = new Records(containerd, settings.runtimeRoot());
        this.host = HostFacts.read();
        ControlGroups.makeRoom(host, settings.cgroup());
        this.pump = new StreamPump();
        this.lifecycle = new Lifecycle(containerd, settings, records, pump, this::tell);
        this.creation = new Creation(containerd, settings, host, records, lifecycle, pump);
        this.executions = new Executions(containerd, settings, records, pump, host);
        for (var found : records.list()) {
            var container = creation.track(found.kept().plan(), found.kept().image(), found.createdAt());
            tracked.add(container);
            container.recall();
            if (!container.state().isRunning()) {
                container.output.close();
            }
        }
        sweep(settings.data());
        sweep(settings.run());
        StrayShims.end(containerd.socket(), reconcile());
        this.feed = new EventFeed(containerd, new Heard());
        var rehearsal = new Rehearsal(containerd, settings, pump, host);
        Thread.ofVirtual().name("containers-rehearsal").start(rehearsal::run);
    }

    /// A daemon that died while it removed a container may have left the container's directories.
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

    /// Takes charge of the containers of this containerd, those that run included: nothing is stopped or started.
    ///
    /// @param listener hears what happens from now on; ends that nobody saw are told to it first
    public static Containers open(Containerd containerd, ContainersSettings settings, ContainerListener listener)
            throws IOException {
        return new Containers(containerd, settings, listener);
    }

    private void tell(ContainerEvent event) {
        if (!teller.isShutdown()) {
            teller.execute(() -> listener.happened(event));
        }
    }

    /// The images that containers are made from.
    public ImageStore images() {
        return images;
    }

    /// Makes a container that does not run yet. Its image must be in the store.
    public Container create(ContainerPlan plan) throws IOException {
        var image = images.find(plan.image())
                .orElseThrow(() -> new ContainersException(Reason.MISSING, "No such image: " + plan.image()));
        tracked.claim(plan.name(), plan.id());
        try {
            var container = creation.create(plan, image);
            tracked.add(container);
            return container.view();
        } catch (IOException failed) {
            tracked.release(plan.name(), plan.id());
            throw failed;
        }
    }

    /// Gives it a process. Returns when it runs.
    ///
    /// @return false when it ran already
    public boolean start(String id) throws IOException {
        var container = tracked.known(id);
        container.lock.lock();
        try {
            if (container.isRemoved()) {
                throw TrackedContainers.missing(id);
            }
            if (container.state().isRunning()) {
                return false;
            }
            lifecycle.start(container);
            return true;
        } finally {
            container.lock.unlock();
        }
    }

    /// Asks it to end, and ends it when the time is over.
    ///
    /// @param signal asked with, as [Signals#parse] reads it; else its plan's, its image's, `TERM`
    /// @param grace  negative to wait without end
    /// @return false when it did not run
    public boolean stop(String id, Optional<String> signal, Duration grace) throws IOException {
        var container = tracked.known(id);
        if (!container.state().isRunning()) {
            return false;
        }
        var ended = container.ended();
        try {
            lifecycle.kill(id, Signals.parse(signal.orElse(stopSignal(container.plan()))));
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

    private String stopSignal(ContainerPlan plan) throws ContainersException {
        if (plan.process().stopSignal().isPresent()) {
            return plan.process().stopSignal().get();
        }
        var ofImage = images.find(plan.image())
                .map(image -> image.configuration().process().stopSignal());
        return ofImage.filter(name -> !name.isEmpty()).orElse("TERM");
    }

    /// Sends a signal to its first process.
    public void kill(String id, int signal) throws IOException {
        var container = tracked.running(id);
        boolean paused = container.state() instanceof ContainerState.Running running && running.paused();
        if (!lifecycle.kill(id, signal)) {
            throw TrackedContainers.notRunning(id);
        }
        if (paused && signal == Signals.KILL) {
            thaw(id);
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

    /// Waits until its process ended, if it has one.
    public ContainerState await(String id) throws IOException, InterruptedException {
        var container = tracked.known(id);
        if (container.state().isRunning()) {
            container.ended().await();
        }
        return container.state();
    }

    /// Stops all its processes where they are.
    public void pause(String id) throws IOException {
        var request = PauseTaskRequest.newBuilder().setContainerId(id).build();
        var container = tracked.running(id);
        container.lock.lock();
        try {
            var _ = Containerd.call(() -> containerd.tasks().pause(request));
            paused(container, true);
        } finally {
            container.lock.unlock();
        }
        tell(new ContainerEvent.Paused(id, Instant.now()));
    }

    /// Lets them go on.
    public void resume(String id) throws IOException {
        var request = ResumeTaskRequest.newBuilder().setContainerId(id).build();
        var container = tracked.running(id);
        container.lock.lock();
        try {
            var _ = Containerd.call(() -> containerd.tasks().resume(request));
            paused(container, false);
        } finally {
            container.lock.unlock();
        }
        tell(new ContainerEvent.Resumed(id, Instant.now()));
    }

    private static void paused(Tracked container, boolean paused) throws IOException {
        if (container.state() instanceof ContainerState.Running running) {
            container.become(new ContainerState.Running(running.startedAt(), running.pid(), paused));
        }
    }

    /// Removes it with its log and its files, volumes apart.
    ///
    /// @param force kill it if it runs; else that is a CONFLICT
    public void remove(String id, boolean force) throws IOException {
        var container = tracked.known(id);
        if (container.state().isRunning()) {
            if (!force) {
                throw new ContainersException(
                        Reason.CONFLICT,
                        "cannot remove container \"/%s\": container is running: stop the container before removing or force remove"
                                .formatted(container.plan().name()));
            }
            stop(id, Optional.of("KILL"), KILL_PATIENCE);
        }
        container.lock.lock();
        try {
            container.removedNow();
            records.delete(id);
            var request = RemoveSnapshotRequest.newBuilder()
                    .setSnapshotter(Containerd.SNAPSHOTTER)
                    .setKey(id)
                    .build();
            Containerd.remove(() -> containerd.snapshots().remove(request));
            tracked.remove(container);
            container.output.close();
            Directories.delete(settings.directory(id));
            Directories.delete(settings.pipes(id));
        } finally {
            container.lock.unlock();
        }
    }

    /// All containers, oldest first.
    public List<Container> list() {
        return tracked.all().stream()
                .map(Tracked::view)
                .sorted(Comparator.comparing(Container::createdAt).thenComparing(Container::id))
                .toList();
    }

    /// By its whole id.
    public Optional<Container> find(String id) {
        return tracked.find(id).map(Tracked::view);
    }

    /// By its name, without a leading slash.
    public Optional<Container> named(String name) {
        return tracked.named(name).map(Tracked::view);
    }

    /// Gives it another name.
    public void rename(String id, String name) throws IOException {
        var container = tracked.known(id);
        tracked.claim(name, id);
        var plan = container.plan();
        replan(
                container,
                new ContainerPlan(
                        plan.id(),
                        name,
                        plan.image(),
                        plan.process(),
                        plan.host(),
                        plan.mounts(),
                        plan.labels(),
                        plan.details()));
        tracked.release(plan.name(), id);
    }

    /// Gives it other limits, at once if it runs.
    public void limit(String id, Limits limits) throws IOException {
        var container = tracked.known(id);
        if (container.state().isRunning()) {
            var json = JsonMapper.shared().writeValueAsBytes(RuntimeSpecification.limits(limits, host));
            var request = UpdateTaskRequest.newBuilder()
                    .setContainerId(id)
                    .setResources(Records.any(Records.RESOURCES_TYPE, json))
                    .build();
            var _ = Containerd.call(() -> containerd.tasks().update(request));
        }
        replan(container, container.plan().on(container.plan().host().limited(limits)));
    }

    /// Rewrites its `/etc/hosts`, `/etc/resolv.conf` and `/etc/hostname`; it sees them at once.
    public void name(String id, NamesPlan names) throws IOException {
        var container = tracked.known(id);
        HostFiles.write(container.directory, names);
        replan(container, container.plan().on(container.plan().host().named(names)));
    }

    private void replan(Tracked container, ContainerPlan plan) throws IOException {
        container.lock.lock();
        try {
            records.update(new Records.Kept(plan, container.image));
            container.replanned(plan);
        } finally {
            container.lock.unlock();
        }
    }

    /// Reads its log; returns at its end, or with [LogQuery#follow] when the container ends or the thread is
    /// interrupted.
    public void logs(String id, LogQuery query, LogReceiver receiver) throws IOException {
        tracked.known(id).output.read(query, receiver);
    }

    /// Where its log lies, for who wants the file itself.
    public Path logPath(String id) {
        return settings.directory(id).resolve(id + "-json.log");
    }

    /// Looks at its streams from now on, whether it runs or is to be started.
    public Attachment attach(String id) throws IOException {
        return new Attachment(tracked.known(id));
    }

    /// Tells its terminal how large it is.
    public void resize(String id, int columns, int rows) throws IOException {
        var request = ResizePtyRequest.newBuilder()
                .setContainerId(tracked.running(id).id())
                .setWidth(columns)
                .setHeight(rows)
                .build();
        var _ = Containerd.call(() -> containerd.tasks().resizePty(request));
    }

    /// Runs a further process in it.
    public Execution exec(String id, ExecPlan plan) throws IOException {
        var container = tracked.known(id);
        if (!(container.state() instanceof ContainerState.Running running)) {
            throw TrackedContainers.notRunning(id);
        }
        var accounts = plan.user().isPresent() ? Accounts.inside(running.pid()) : Accounts.none();
        return executions.start(id, plan, accounts);
    }

    /// Its processes, as the host numbers them.
    public List<Integer> pids(String id) throws IOException {
        var request = ListPidsRequest.newBuilder()
                .setContainerId(tracked.running(id).id())
                .build();
        var pids = new ArrayList<Integer>();
        for (var process :
                Containerd.call(() -> containerd.tasks().listPids(request)).getProcessesList()) {
            pids.add(process.getPid());
        }
        return List.copyOf(pids);
    }

    /// What it uses now.
    public Statistics statistics(String id) throws IOException {
        return Statistics.of(containerd, tracked.running(id).id());
    }

    /// Makes what is known agree with what containerd has.
    ///
    /// @return ids of the containers that have a task
    private Set<String> reconcile() throws ContainersException {
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
                    if (task.isPresent()) {
                        lifecycle.adopt(container, task.get());
                    } else {
                        lifecycle.lost(container);
                    }
                } catch (IOException failed) {
                    LOG.log(Level.ERROR, "container not adopted id=" + container.id(), failed);
                } finally {
                    container.lock.unlock();
                }
            }
        }
        return tasks.keySet();
    }

    private final class Heard implements EventFeed.Heard {
        @Override
        public void exited(TaskExit exit) {
            Thread.ofVirtual().name("exited-" + exit.getContainerId()).start(() -> end(exit));
        }

        @Override
        public void outOfMemory(String id, Instant at) {
            tracked.find(id).ifPresent(container -> {
                container.ranOutOfMemory();
                tell(new ContainerEvent.OutOfMemory(id, at));
            });
        }

        @Override
        public void missed() throws ContainersException {
            var _ = reconcile();
        }
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

    /// Lets go of the containers; they run on.
    @Override
    public void close() {
        feed.close();
        pump.close();
        teller.shutdown();
    }
}
