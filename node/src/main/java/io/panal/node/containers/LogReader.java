package io.panal.node.containers;

import io.panal.node.containers.LogFile.Part;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Reads a log for one caller. Of one thread.
final class LogReader {
    private static final int PIECE_BYTES = 64 << 10;

    /// Thrown to itself when the lines have passed the end of what is wanted.
    private static final class Passed extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private final LogFile file;
    private final LogQuery query;
    private final LogReceiver receiver;
    private final LogParser parser = new LogParser();
    private byte[] buffer = new byte[PIECE_BYTES];
    private int filled;

    LogReader(LogFile file, LogQuery query, LogReceiver receiver) {
        this.file = file;
        this.query = query;
        this.receiver = receiver;
    }

    /// Returns at the log's end, or when interrupted.
    void read() throws IOException {
        var parts = file.parts();
        try {
            long start = query.tail() < 0 || parts.isEmpty() ? 0 : seek(parts);
            long position = start;
            for (var part : parts) {
                position = read(part.channel(), skipped(part, parts, start));
            }
            if (query.follow()) {
                follow(parts.isEmpty() ? Optional.empty() : Optional.of(parts.getLast()), position);
            }
        } catch (Passed _) {
            return;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            for (var part : parts) {
                part.channel().close();
            }
        }
    }

    /// `start` counts over all parts together.
    private static long skipped(Part part, List<Part> parts, long start) throws IOException {
        long before = 0;
        for (var other : parts) {
            if (other.generation() == part.generation()) {
                break;
            }
            before += other.channel().size();
        }
        return Math.max(0, Math.min(start - before, part.channel().size()));
    }

    /// Where the last wanted lines begin, counted over all parts together.
    private long seek(List<Part> parts) throws IOException {
        long end = 0;
        for (var part : parts) {
            end += part.channel().size();
        }
        long missing = query.tail() + 1;
        for (var part : parts.reversed()) {
            long size = part.channel().size();
            end -= size;
            long at = size;
            while (at > 0) {
                int length = (int) Math.min(PIECE_BYTES, at);
                at -= length;
                var piece = ByteBuffer.allocate(length);
                while (piece.hasRemaining() && part.channel().read(piece, at + piece.position()) > 0) {}
                for (int i = length - 1; i >= 0; i--) {
                    if (piece.array()[i] == '\n' && --missing == 0) {
                        return end + at + i + 1;
                    }
                }
            }
        }
        return 0;
    }

    private void follow(Optional<Part> from, long reached) throws IOException, InterruptedException {
        var part = from;
        long position = reached;
        while (true) {
            var next = file.next(part, position);
            if (next.isEmpty()) {
                return;
            }
            if (part.isEmpty() || next.get().generation() != part.get().generation()) {
                filled = 0;
                position = 0;
                if (part.isPresent()) {
                    part.get().channel().close();
                }
            }
            part = next;
            position = read(part.get().channel(), position);
        }
    }

    /// Reads to the file's present end.
    ///
    /// @return the position reached
    private long read(FileChannel channel, long from) throws IOException {
        long position = from;
        while (true) {
            if (filled == buffer.length) {
                buffer = Arrays.copyOf(buffer, buffer.length * 2);
            }
            int count = channel.read(ByteBuffer.wrap(buffer, filled, buffer.length - filled), position);
            if (count <= 0) {
                return position;
            }
            position += count;
            int scanned = filled;
            filled += count;
            lines(scanned);
        }
    }

    private void lines(int scanned) throws IOException {
        int start = 0;
        for (int at = scanned; at < filled; at++) {
            if (buffer[at] == '\n') {
                parser.read(buffer, start, at, this::select);
                start = at + 1;
            }
        }
        System.arraycopy(buffer, start, buffer, 0, filled - start);
        filled -= start;
    }

    private void select(LogStream stream, Instant time, ByteBuffer text) throws IOException {
        if (query.until().isPresent() && !time.isBefore(query.until().get())) {
            throw new Passed();
        }
        boolean early = query.since().isPresent() && time.isBefore(query.since().get());
        if (!early && query.wants(stream)) {
            receiver.line(stream, time, text);
        }
    }
}
