package io.panal.node.build;

import io.panal.images.archive.TarEntry;
import io.panal.images.archive.TarReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Files in an archive on disk, by their path in it. Never unpacked: no name in it can reach a file of the host.
final class FileSet implements AutoCloseable {
    private static final int MOST_LINKS = 40;

    private final FileChannel channel;
    private final TreeMap<String, Placed> files = new TreeMap<>();

    /// @param offset of its content in the archive
    record Placed(TarEntry entry, long offset) {}

    private FileSet(FileChannel channel) {
        this.channel = channel;
    }

    static FileSet open(Path archive) throws IOException {
        FileSet set = new FileSet(FileChannel.open(archive));
        try (InputStream in = new BufferedInputStream(Channels.newInputStream(FileChannel.open(archive)), 1 << 16)) {
            TarReader tar = new TarReader(in);
            for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
                String path = clean(next.get().name());
                set.files.put(path, new Placed(next.get(), tar.position()));
            }
        } catch (IOException | RuntimeException failed) {
            set.close();
            throw failed;
        }
        return set;
    }

    /// Without slashes around, dots and whatever leads above the root; the root is empty.
    static String clean(String name) {
        Path path = Path.of("/", name).normalize();
        return path.toString().substring(1);
    }

    /// The file of this path, links followed inside.
    Optional<Placed> find(String path) {
        return resolve(clean(path), 0).map(files::get);
    }

    /// The path a path leads to, links followed; empty when there is nothing.
    Optional<String> resolve(String path) {
        return resolve(clean(path), 0);
    }

    private Optional<String> resolve(String path, int links) {
        if (links > MOST_LINKS) {
            return Optional.empty();
        }
        Path whole = Path.of("/", path);
        Path done = Path.of("/");
        for (Path part : whole) {
            Path here = done.resolve(part);
            Placed placed = files.get(here.toString().substring(1));
            if (placed != null && placed.entry().kind() == TarEntry.Kind.SYMBOLIC_LINK) {
                Path to = done.resolve(placed.entry().link()).normalize();
                Path rest = here.relativize(whole);
                return resolve(to.resolve(rest).normalize().toString().substring(1), links + 1);
            }
            done = here;
        }
        String found = done.toString().substring(1);
        boolean there =
                found.isEmpty() || files.containsKey(found) || !below(found).isEmpty();
        return there ? Optional.of(found) : Optional.empty();
    }

    boolean isDirectory(String path) {
        Placed placed = files.get(path);
        return placed == null || placed.entry().kind() == TarEntry.Kind.DIRECTORY;
    }

    /// All below a directory, by path relative to it.
    Map<String, Placed> below(String directory) {
        String prefix = directory.isEmpty() ? "" : directory + "/";
        Map<String, Placed> below = new TreeMap<>();
        for (Map.Entry<String, Placed> each : files.tailMap(prefix, true).entrySet()) {
            if (!each.getKey().startsWith(prefix)) {
                break;
            }
            if (each.getKey().length() > prefix.length()) {
                below.put(each.getKey().substring(prefix.length()), each.getValue());
            }
        }
        return below;
    }

    /// Paths that a pattern of the shell's fits; the path itself when it has no wildcards.
    List<String> matching(String pattern) {
        String cleaned = clean(pattern);
        if (!pattern.matches(".*[*?\\[].*")) {
            return resolve(cleaned).isPresent() ? List.of(cleaned) : List.of();
        }
        PathMatcher matcher = FileSystems.getDefault()
                .getPathMatcher("glob:" + cleaned.replace("{", "\\{").replace("}", "\\}"));
        List<String> paths = new ArrayList<>();
        for (String path : files.keySet()) {
            if (matcher.matches(Path.of(path))) {
                paths.add(path);
            }
        }
        return paths;
    }

    /// A file's bytes. A hard link has those of the file it points to.
    InputStream content(Placed placed) throws IOException {
        Placed real = placed.entry().kind() == TarEntry.Kind.HARD_LINK
                ? Optional.ofNullable(files.get(clean(placed.entry().link())))
                        .orElseThrow(() -> new BuildException("the context has a link to a file it has not: "
                                + placed.entry().link()))
                : placed;
        return new Slice(channel, real.offset(), real.entry().sizeBytes());
    }

    /// A file's length, that of the file it points to for a hard link.
    long size(Placed placed) {
        Placed target = files.get(clean(placed.entry().link()));
        return placed.entry().kind() == TarEntry.Kind.HARD_LINK && target != null
                ? target.entry().sizeBytes()
                : placed.entry().sizeBytes();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /// A part of a file, read without moving the place where others read.
    private static final class Slice extends InputStream {
        private final FileChannel channel;
        private long at;
        private final long end;

        Slice(FileChannel channel, long at, long size) {
            this.channel = channel;
            this.at = at;
            this.end = at + size;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int start, int length) throws IOException {
            if (at >= end) {
                return -1;
            }
            int count = channel.read(ByteBuffer.wrap(bytes, start, (int) Math.min(length, end - at)), at);
            at += Math.max(0, count);
            return count;
        }
    }
}
