package io.panal.node.containers;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The log of one container: a file of [LogLines], and older ones put aside as `.1`, `.2` and so on.
///
/// One thread appends; any number read and follow.
final class LogFile implements Closeable {
    /// A longer line is kept in pieces, as docker does.
    static final int LONGEST_LINE_BYTES = 16 << 10;

    /// One file of the log, open for reading.
    ///
    /// @param generation counts the files that were begun, so a reader finds the one that follows
    record Part(long generation, FileChannel channel) {}

    /// What a stream printed since its last line end.
    private static final class Unfinished {
        byte[] bytes = new byte[0];
        int length;

        void add(byte[] more, int start, int end) {
            if (bytes.length < length + end - start) {
                bytes = Arrays.copyOf(bytes, Math.min(LONGEST_LINE_BYTES, Math.max(256, 2 * (length + end - start))));
            }
            System.arraycopy(more, start, bytes, length, end - start);
            length += end - start;
        }
    }

    private final Path path;
    private final LogPlan plan;
    private final LogLines lines;
    private final Map<LogStream, Unfinished> unfinished = new EnumMap<>(LogStream.class);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private @Nullable FileChannel channel;
    private long size;
    private long generation;
    private boolean ended;

    /// @param lines the appending thread's buffer, which it may use for other logs too
    LogFile(Path path, LogPlan plan, LogLines lines) {
        this.path = path;
        this.lines = lines;
        this.plan = plan;
        for (var stream : LogStream.values()) {
            unfinished.put(stream, new Unfinished());
        }
    }

    /// The container is started: what was its end before is none any more.
    void begin() {
        lock.lock();
        try {
            ended = false;
        } finally {
            lock.unlock();
        }
    }

    /// Nothing more comes until [#begin]: followers return.
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            for (var stream : LogStream.values()) {
                finish(stream);
            }
        } finally {
            ended = true;
            grown.signalAll();
            var open = channel;
            channel = null;
            lock.unlock();
            if (open != null) {
                open.close();
            }
        }
    }

    /// Keeps what a stream printed.
    void append(LogStream stream, byte[] bytes, int length) throws IOException {
        if (!plan.kept()) {
            return;
        }
        lock.lock();
        try {
            var time = Instant.now();
            lines.clear();
            split(stream, time, bytes, length);
            write(lines);
        } finally {
            lock.unlock();
        }
    }

    private void split(LogStream stream, Instant time, byte[] bytes, int length) {
        var open = of(stream);
        int start = 0;
        for (int at = 0; at < length; at++) {
            boolean last = bytes[at] == '\n';
            if (last || open.length + at + 1 - start == LONGEST_LINE_BYTES) {
                line(stream, time, open, bytes, start, at + 1);
                start = at + 1;
            }
        }
        open.add(bytes, start, length);
    }

    private void line(LogStream stream, Instant time, Unfinished open, byte[] bytes, int start, int end) {
        if (open.length == 0) {
            lines.add(stream, time, bytes, start, end);
        } else {
            open.add(bytes, start, end);
            lines.add(stream, time, open.bytes, 0, open.length);
            open.length = 0;
        }
    }

    private Unfinished of(LogStream stream) {
        return unfinished.computeIfAbsent(stream, _ -> new Unfinished());
    }

    private void finish(LogStream stream) throws IOException {
        var open = of(stream);
        if (open.length > 0) {
            // Not the appending thread: a buffer of its own.
            var last = new LogLines();
            last.add(stream, Instant.now(), open.bytes, 0, open.length);
            open.length = 0;
            write(last);
        }
    }

    private void write(LogLines wanted) throws IOException {
        if (wanted.length() == 0) {
            return;
        }
        var file = opened();
        var bytes = wanted.bytes();
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException full) {
            // No half line: what comes when there is room again begins on a line of its own.
            file.truncate(size);
            throw full;
        }
        size += bytes.limit();
        if (plan.maxBytes() > 0 && size >= plan.maxBytes()) {
            rotate(file);
        }
        grown.signalAll();
    }

    private FileChannel opened() throws IOException {
        var open = channel;
        if (open == null) {
            open = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
            channel = open;
            size = open.size();
        }
        return open;
    }

    private void rotate(FileChannel full) throws IOException {
        full.close();
        channel = null;
        for (int age = plan.maxFiles() - 1; age > 0; age--) {
            if (Files.exists(aged(age - 1))) {
                Files.move(aged(age - 1), aged(age), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.deleteIfExists(path);
        generation++;
        var _ = opened();
    }

    private Path aged(long age) {
        return age == 0 ? path : path.resolveSibling(path.getFileName() + "." + age);
    }

    /// All files of the log as they are now, oldest first; the caller closes them.
    List<Part> parts() throws IOException {
        lock.lock();
        try {
            var parts = new ArrayList<Part>();
            for (int age = plan.maxFiles() - 1; age >= 0; age--) {
                if (Files.exists(aged(age))) {
                    parts.add(new Part(generation - age, FileChannel.open(aged(age))));
                }
            }
            return parts;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until there is something to read after this place.
    ///
    /// @param part     the newest that the caller read; empty if it saw none
    /// @param position how far it read
    /// @return the same part if it grew, the one after it, or empty at the log's end
    Optional<Part> next(Optional<Part> part, long position) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                var following = following(part.map(Part::generation).orElse(-1L));
                if (part.isPresent() && part.get().channel().size() > position) {
                    return part;
                }
                if (following.isPresent() || ended) {
                    return following;
                }
                grown.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private Optional<Part> following(long after) throws IOException {
        for (long next = after + 1; next <= generation; next++) {
            var file = aged(generation - next);
            if (generation - next < plan.maxFiles() && Files.exists(file)) {
                return Optional.of(new Part(next, FileChannel.open(file)));
            }
        }
        return Optional.empty();
    }
}
