package io.panal.node.containers;

import io.panal.containerd.types.Mount;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// One container as this daemon holds it: what containerd knows, and what only a running daemon has.
///
/// Its lock is held by who changes its state; to read it none is needed.
final class Tracked {
    private static final System.Logger LOG = System.getLogger(Tracked.class.getName());
    final ReentrantLock lock = new ReentrantLock();
    final String image;
    final Instant createdAt;
    final Path directory;
    final ContainerOutput output;

    private volatile ContainerPlan plan;
    private volatile ContainerState state = new ContainerState.Created(0, "");
    private volatile CountDownLatch ended = new CountDownLatch(1);
    private volatile Optional<Health> health = Optional.empty();
    private volatile boolean outOfMemory;
    private volatile boolean askedToEnd;
    private volatile boolean askedToStop;
    private volatile boolean removed;
    private volatile List<Mount> mounts = List.of();
    private volatile @Nullable InputPipe input;

    Tracked(ContainerPlan plan, String image, Instant createdAt, Path directory, ContainerOutput output) {
        this.plan = plan;
        this.image = image;
        this.createdAt = createdAt;
        this.directory = directory;
        this.output = output;
    }

    Container view() {
        return new Container(plan, image, createdAt, state, health);
    }

    String id() {
        return plan.id();
    }

    ContainerPlan plan() {
        return plan;
    }

    void replanned(ContainerPlan other) {
        plan = other;
    }

    ContainerState state() {
        return state;
    }

    /// The mounts of its root file system; empty when they must be asked for.
    List<Mount> mounts() {
        return mounts;
    }

    void mountedBy(List<Mount> known) {
        mounts = known;
    }

    Optional<InputPipe> input() {
        return Optional.ofNullable(input);
    }

    void takesInput(InputPipe pipe) {
        input = pipe;
    }

    void noInput() {
        var open = input;
        input = null;
        if (open != null) {
            open.end();
        }
    }

    CountDownLatch ended() {
        return ended;
    }

    boolean wasOutOfMemory() {
        return outOfMemory;
    }

    void ranOutOfMemory() {
        outOfMemory = true;
    }

    boolean wasAskedToEnd() {
        return askedToEnd;
    }

    void askToEnd() {
        askedToEnd = true;
    }

    /// Whether its end is a stop, not a kill.
    boolean wasAskedToStop() {
        return askedToStop;
    }

    void askToStop() {
        askedToStop = true;
    }

    boolean isRemoved() {
        return removed;
    }

    void removedNow() {
        removed = true;
        ended.countDown();
    }

    /// Enters a new state and writes it down, so that the next daemon knows it. An end is true whether or not the disk
    /// has room for it: a daemon that finds no word of it calls it unseen.
    void become(ContainerState next) throws IOException {
        if (next.equals(state)) {
            return;
        }
        if (begins(next) && plan.host().health().isPresent()) {
            become(Health.FRESH);
        }
        try {
            write(
                    "state.json",
                    JsonMapper.shared().writerFor(ContainerState.class).writeValueAsBytes(next));
        } catch (IOException full) {
            if (begins(next)) {
                throw full;
            }
            LOG.log(Level.WARNING, () -> "state of a container not kept id=%s reason=%s".formatted(id(), full));
        }
        enter(next);
    }

    private void write(String name, byte[] content) throws IOException {
        var fresh = directory.resolve(name + ".new");
        Files.write(fresh, content);
        Files.move(fresh, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private boolean begins(ContainerState next) {
        return next.isRunning() && !state.isRunning();
    }

    Optional<Health> health() {
        return health;
    }

    /// Is found well or ill, and writes it down, so that the next daemon goes on with it.
    void become(Health next) throws IOException {
        write("health.json", JsonMapper.shared().writeValueAsBytes(next));
        health = Optional.of(next);
    }

    private void enter(ContainerState next) {
        if (begins(next)) {
            outOfMemory = false;
            askedToEnd = false;
            askedToStop = false;
            ended = new CountDownLatch(1);
        }
        state = next;
        if (!next.isRunning()) {
            ended.countDown();
        }
    }

    /// What an earlier daemon wrote down; of a container whose creation it did not finish, nothing.
    void recall() throws IOException {
        var file = directory.resolve("state.json");
        if (Files.exists(file)) {
            enter(JsonMapper.shared().readValue(Files.readAllBytes(file), ContainerState.class));
        }
        var finding = directory.resolve("health.json");
        if (Files.exists(finding)) {
            health = Optional.of(JsonMapper.shared().readValue(Files.readAllBytes(finding), Health.class));
        }
    }
}
