package io.panal.node.containers;

import io.panal.images.archive.TarEntry;
import io.panal.images.archive.TarReader;
import io.panal.images.archive.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// Files into archives and out of them. Links are followed by the kernel: call it where the root is the container's.
public final class FileArchive {
    private FileArchive() {}

    private static final AtomicBoolean REHEARSED = new AtomicBoolean();

    /// Where the root is another one no class can be loaded: what is needed there is used once before.
    static void rehearse() throws IOException {
        if (REHEARSED.getAndSet(true)) {
            return;
        }
        Path directory = Files.createTempDirectory("panal-rehearsal-");
        Files.createFile(directory.resolve("file"));
        Files.createSymbolicLink(directory.resolve("link"), Path.of("file"));
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarWriter(bytes)) {
            write(tar, directory, "again");
        }
        unpack(
                new TarReader(new ByteArrayInputStream(bytes.toByteArray())),
                directory,
                true,
                Optional.of(TarEntry.Owner.ROOT));
        Directories.delete(directory);
    }

    /// What an archive says of a file.
    ///
    /// @param name as the archive is to have it
    public static TarEntry entry(Path file, String name) throws IOException {
        Map<String, Object> facts =
                Files.readAttributes(file, "unix:mode,uid,gid,size,lastModifiedTime,rdev", LinkOption.NOFOLLOW_LINKS);
        int mode = fact(facts, "mode", Integer.class);
        var owner = new TarEntry.Owner(
                Integer.toUnsignedLong(fact(facts, "uid", Integer.class)),
                Integer.toUnsignedLong(fact(facts, "gid", Integer.class)));
        Instant modified = fact(facts, "lastModifiedTime", FileTime.class).toInstant();
        TarEntry.Kind kind = kind(mode);
        long device = fact(facts, "rdev", Long.class);
        int major = (int) ((device >> 8) & 0xfff);
        int minor = (int) ((device & 0xff) | ((device >> 12) & 0xfff00));
        return new TarEntry(
                name,
                kind,
                mode & 07777,
                owner,
                Instant.ofEpochSecond(modified.getEpochSecond()),
                kind == TarEntry.Kind.FILE ? fact(facts, "size", Long.class) : 0,
                kind == TarEntry.Kind.SYMBOLIC_LINK
                        ? Files.readSymbolicLink(file).toString()
                        : "",
                new TarEntry.Device(major, minor));
    }

    private static <T> T fact(Map<String, Object> facts, String name, Class<T> type) {
        Object fact = facts.get(name);
        if (fact == null) {
            throw new IllegalStateException("a file without " + name);
        }
        return type.cast(fact);
    }

    private static TarEntry.Kind kind(int mode) {
        return switch (mode & 0170000) {
            case 0040000 -> TarEntry.Kind.DIRECTORY;
            case 0120000 -> TarEntry.Kind.SYMBOLIC_LINK;
            case 0020000 -> TarEntry.Kind.CHARACTER_DEVICE;
            case 0060000 -> TarEntry.Kind.BLOCK_DEVICE;
            case 0010000 -> TarEntry.Kind.PIPE;
            default -> TarEntry.Kind.FILE;
        };
    }

    /// Writes a file, or a directory with all below it. Sockets are left out, as docker does.
    ///
    /// @param name what it is called in the archive
    public static void write(TarWriter tar, Path file, String name) throws IOException {
        Files.walkFileTree(file, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes facts) throws IOException {
                add(tar, directory, called(directory));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path each, BasicFileAttributes facts) throws IOException {
                add(tar, each, called(each));
                return FileVisitResult.CONTINUE;
            }

            private String called(Path each) {
                String below = file.relativize(each).toString();
                return below.isEmpty() ? name : name + "/" + below;
            }
        });
    }

    private static void add(TarWriter tar, Path file, String name) throws IOException {
        TarEntry entry = entry(file, name);
        if (entry.kind() != TarEntry.Kind.FILE) {
            tar.add(entry);
        } else if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            try (InputStream content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                tar.add(entry, content);
            }
        }
    }

    /// Unpacks an archive into a directory.
    ///
    /// @param replaces whether a directory may come in a file's place, and a file in a directory's
    /// @param owner    of all that is unpacked; empty for whom the archive names
    /// @throws ContainersException INVALID when that must not be
    public static void unpack(TarReader tar, Path directory, boolean replaces, Optional<TarEntry.Owner> owner)
            throws IOException {
        for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
            TarEntry entry = owner.map(next.get()::ownedBy).orElse(next.get());
            Path inside = Path.of("/", entry.name()).normalize();
            Path target = directory.resolve(inside.toString().substring(1));
            if (!target.equals(directory)) {
                unpack(entry, target, directory, replaces, tar.content());
            }
        }
    }

    private static void unpack(TarEntry entry, Path target, Path directory, boolean replaces, InputStream content)
            throws IOException {
        boolean comesDirectory = entry.kind() == TarEntry.Kind.DIRECTORY;
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            boolean isDirectory = Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS);
            if (comesDirectory != isDirectory && !replaces) {
                throw new ContainersException(
                        ContainersException.Reason.INVALID,
                        comesDirectory
                                ? "cannot overwrite non-directory \"%s\" with directory \"%s\""
                                        .formatted(target, directory)
                                : "cannot overwrite directory \"%s\" with non-directory \"%s\""
                                        .formatted(target, directory));
            }
            if (!isDirectory) {
                Files.delete(target);
            } else if (!comesDirectory) {
                Directories.delete(target);
            }
        }
        Path parent = target.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            Files.createDirectories(parent);
        }
        switch (entry.kind()) {
            case DIRECTORY -> Files.createDirectories(target);
            case SYMBOLIC_LINK -> Files.createSymbolicLink(target, Path.of(entry.link()));
            case HARD_LINK ->
                Files.createLink(
                        target,
                        directory.resolve(Path.of("/", entry.link())
                                .normalize()
                                .toString()
                                .substring(1)));
            case FILE -> {
                try (OutputStream out = Files.newOutputStream(
                        target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                    content.transferTo(out);
                }
            }
            case CHARACTER_DEVICE, BLOCK_DEVICE, PIPE ->
                throw new ContainersException(
                        ContainersException.Reason.INVALID,
                        "devices and pipes cannot be copied into a container: " + entry.name());
        }
        own(entry, target);
    }

    private static void own(TarEntry entry, Path target) throws IOException {
        if (entry.kind() == TarEntry.Kind.HARD_LINK) {
            return;
        }
        Files.setAttribute(target, "unix:uid", (int) entry.owner().user(), LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(target, "unix:gid", (int) entry.owner().group(), LinkOption.NOFOLLOW_LINKS);
        if (entry.kind() != TarEntry.Kind.SYMBOLIC_LINK) {
            Files.setAttribute(target, "unix:mode", entry.mode());
            Files.setLastModifiedTime(target, FileTime.from(entry.modified()));
        }
    }
}
