package io.panal.node.containers;

import io.panal.containerd.snapshots.RemoveSnapshotRequest;
import io.panal.containerd.tasks.ListPidsRequest;
import io.panal.containerd.tasks.ResizePtyRequest;
import io.panal.node.containers.ContainersException.Reason;
import io.panal.node.kernel.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The containers on this host.
///
/// Safe for any number of threads; a call returns when it is done, so a virtual thread is the one to make it. What it
/// answers is always what is: a container that a former daemon made is here as one of this daemon's own.
public final class Containers implements AutoCloseable {
    private final Containerd containerd;
    private final ContainersSettings settings;
    private final ContainerListener listener;
    private final ImageStore images;
    private final Records records;
    private final StreamPump pump;
    private final Lifecycle lifecycle;
    private final EventFeed feed;
    private final Creation creation;
    private final RootFiles files;
    private final Stops stops;
    private final PlanChanges changes;
    private final TrackedContainers tracked = new TrackedContainers();
    private final Executions executions;
    private final HealthChecks health;
    private final ExecutorService teller = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("container-listener").factory());

    private Containers(Containerd containerd, ContainersSettings settings, ContainerListener listener)
            throws IOException {
        this.containerd = containerd;
        this.settings = settings;
        this.listener = listener;
        this.images = new ImageStore(containerd);
        this.records = new Records(containerd, settings.runtimeRoot());
        var host = HostFacts.read();
        ControlGroups.makeRoom(host, settings.cgroup());
        this.pump = new StreamPump();
        this.lifecycle = new Lifecycle(containerd, settings, records, pump, this::tell);
        this.files = new RootFiles(containerd, settings);
        this.creation = new Creation(containerd, settings, host, records, lifecycle, pump);
        this.executions = new Executions(containerd, settings, records, pump, host);
        this.health = new HealthChecks(tracked, executions, this::tell);
        this.stops = new Stops(containerd, lifecycle, tracked, images, this::tell);
        this.changes = new PlanChanges(containerd, records, tracked, host);
        for (var found : records.list()) {
            var container = creation.track(found.kept().plan(), found.kept().image(), found.createdAt());
            tracked.add(container);
            container.recall();
            if (!container.state().isRunning()) {
                container.output.close();
            }
        }
        var agreement = new Agreement(containerd, lifecycle, tracked, executions, this::tell);
        agreement.sweep(settings);
        StrayShims.end(containerd.socket(), agreement.reach());
        health.resume();
        this.feed = new EventFeed(containerd, agreement);
        var rehearsal = new Rehearsal(containerd, settings, pump, host);
        Thread.ofVirtual().name("containers-rehearsal").start(rehearsal::run);
    }

    /// Takes charge of the containers of this containerd, those that run included: nothing is stopped or started.
    ///
    /// @param listener hears what happens from now on; ends that nobody saw are told to it first
    public static Containers open(Containerd containerd, ContainersSettings settings, ContainerListener listener)
            throws IOException {
        return new Containers(containerd, settings, listener);
    }

    private void tell(ContainerEvent event) {
        inTurn(() -> {
            health.heard(event);
            listener.happened(event);
        });
    }

    /// Runs something short on the listener's thread, after all that has happened so far was told.
    public void inTurn(Runnable piece) {
        if (!teller.isShutdown()) {
            teller.execute(piece);
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
            tell(new ContainerEvent.Created(container.view(), Instant.now()));
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
        return stops.stop(id, signal, grace);
    }

    /// Sends a signal to its first process.
    public void kill(String id, int signal) throws IOException {
        stops.kill(id, signal);
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
        stops.pause(id);
    }

    /// Lets them go on.
    public void resume(String id) throws IOException {
        stops.resume(id);
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
            stops.end(id);
        }
        container.lock.lock();
        try {
            boolean first = !container.isRemoved();
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
            // The runtime removes it with its task, but not of one that it was killed in the middle of making.
            ControlGroups.removeEmpty(settings.cgroup(id));
            if (first) {
                tell(new ContainerEvent.Removed(container.view(), Instant.now()));
            }
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
        changes.rename(id, name);
    }

    /// Gives it other limits, at once if it runs.
    public void limit(String id, Limits limits) throws IOException {
        changes.limit(id, limits);
    }

    /// Keeps other details with it.
    public void describe(String id, String details) throws IOException {
        changes.describe(id, details);
    }

    /// Rewrites its `/etc/hosts`, `/etc/resolv.conf` and `/etc/hostname`; it sees them at once.
    public void name(String id, NamesPlan names) throws IOException {
        changes.name(id, names);
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

    /// Does work on its files as it sees them, with its root directory as the root of all files: no link leads out.
    ///
    /// @param work runs on a thread made for it
    public <T> T files(String id, NetworkNamespace.Work<T> work) throws IOException {
        FileArchive.rehearse();
        return files.of(tracked.known(id), work);
    }

    /// As [#files], on what of its files is its own: without volumes, and to be read only.
    public <T> T ownFiles(String id, NetworkNamespace.Work<T> work) throws IOException {
        FileArchive.rehearse();
        return files.own(tracked.known(id), work);
    }

    /// As [#files], on an image's, to be read only; without an image nothing is there.
    public <T> T filesOf(Optional<StoredImage> image, NetworkNamespace.Work<T> work) throws IOException {
        FileArchive.rehearse();
        return files.of(image.map(Containers::top).orElse(""), work);
    }

    /// What it changed of its image, as a layer that `making` holds.
    public ImageLayer changes(String id, ImageImport making) throws IOException {
        var image = images.describe(tracked.known(id).image);
        return files.changes(id, top(image), making);
    }

    /// The files that it has changed of its image, by their paths.
    public List<FileChange> changedFiles(String id) throws IOException {
        return files.writable(tracked.known(id).id()).changes();
    }

    /// Of the files that it has written over its image.
    public long writtenBytes(String id) throws IOException {
        return files.writable(tracked.known(id).id()).sizeBytes();
    }

    private static String top(StoredImage image) {
        var chain = ImageDocuments.chain(image.configuration().layers());
        return chain.isEmpty() ? "" : chain.getLast();
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

    /// Lets go of the containers; they run on.
    @Override
    public void close() {
        feed.close();
        health.close();
        pump.close();
        teller.shutdown();
        ControlGroups.removeEmpty(settings.cgroup());
    }
}
