package io.panal.machines.store;

import io.panal.machines.model.MachineFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A lock among threads and processes that the kernel gives back when its holder dies.
///
/// The kernel's record locks belong to a process, hence the second lock among this process's own threads.
public final class Exclusive implements AutoCloseable {
    private static final Map<Path, Semaphore> THREADS = new ConcurrentHashMap<>();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration ASK_AGAIN = Duration.ofMillis(20);

    private final Semaphore threads;
    private final Path file;
    private final FileChannel channel;
    private boolean fileGoes;

    private Exclusive(Semaphore threads, Path file, FileChannel channel) {
        this.threads = threads;
        this.file = file;
        this.channel = channel;
    }

    /// What is done while the lock is held.
    @FunctionalInterface
    public interface Work<T> {
        T result(Exclusive held) throws IOException;
    }

    /// What is done, without a result, while the lock is held.
    @FunctionalInterface
    public interface Errand {
        void run(Exclusive held) throws IOException;
    }

    /// Waits, two minutes at most, until nobody else holds the file, and does the work.
    public static <T> T hold(Path file, Work<T> work) throws IOException {
        try (var held = of(file)) {
            return work.result(held);
        }
    }

    /// Waits, two minutes at most, until nobody else holds the file, and runs the errand.
    public static void during(Path file, Errand errand) throws IOException {
        try (var held = of(file)) {
            errand.run(held);
        }
    }

    private static Exclusive of(Path file) throws IOException {
        var threads = THREADS.computeIfAbsent(file, _ -> new Semaphore(1));
        try {
            if (!threads.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw busy(file);
            }
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
        try {
            return new Exclusive(threads, file, locked(file));
        } catch (IOException | RuntimeException failure) {
            threads.release();
            throw failure;
        }
    }

    /// Whether anybody holds the lock now.
    public static boolean isHeld(Path file) throws IOException {
        var threads = THREADS.computeIfAbsent(file, _ -> new Semaphore(1));
        if (!threads.tryAcquire()) {
            return true;
        }
        if (!Files.exists(file)) {
            threads.release();
            return false;
        }
        FileChannel channel = null;
        try {
            channel = open(file);
            return channel.tryLock() == null;
        } finally {
            release(threads, channel);
        }
    }

    /// The file is deleted when the lock is given back: what it guarded is no more.
    public void lastUse() {
        fileGoes = true;
    }

    @Override
    public void close() throws IOException {
        try {
            if (fileGoes) {
                Files.deleteIfExists(file);
            }
        } finally {
            release(threads, channel);
        }
    }

    private static FileChannel locked(Path file) throws IOException {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            var channel = open(file);
            var before = identity(file);
            if (lockBefore(deadline, channel).isEmpty()) {
                channel.close();
                throw busy(file);
            }
            if (before.isPresent() && before.equals(identity(file))) {
                return channel;
            }
            channel.close();
        }
        throw busy(file);
    }

    /// The last holder may have deleted the file between our opening it and our getting it; its inode number tells.
    /// Never open it a second time for this: closing any descriptor of a file gives back all of a process's
    /// locks on it.
    private static Optional<Object> identity(Path file) throws IOException {
        try {
            return Optional.of(Files.getAttribute(file, "unix:ino"));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    private static Optional<FileLock> lockBefore(long deadline, FileChannel channel) throws IOException {
        while (System.nanoTime() < deadline) {
            var lock = channel.tryLock();
            if (lock != null) {
                return Optional.of(lock);
            }
            try {
                Thread.sleep(ASK_AGAIN);
            } catch (InterruptedException interrupted) {
                channel.close();
                throw interrupted(interrupted);
            }
        }
        return Optional.empty();
    }

    /// The last holder may have deleted the directory too, between our making it and our opening the file in it.
    private static FileChannel open(Path file) throws IOException {
        for (var tries = 0; tries < 10; tries++) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try {
                return FileChannel.open(
                        file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
            } catch (NoSuchFileException directoryGone) {
                Thread.onSpinWait();
            }
        }
        throw busy(file);
    }

    private static void release(Semaphore threads, @Nullable FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            threads.release();
        }
    }

    private static MachineFailure busy(Path file) {
        return new MachineFailure(
                "another command has been working on this for two minutes (lock %s); try again later".formatted(file));
    }

    private static InterruptedIOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        var failure = new InterruptedIOException("interrupted while waiting for another command");
        failure.initCause(cause);
        return failure;
    }
}
