package io.panal.node.engine;

import io.panal.core.codec.Codec;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The local volumes of this host: a directory each, with a file that says what it is.
public final class Volumes {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");
    private static final String DATA = "_data";
    private static final String ABOUT = "about.json";

    private final Path root;

    /// @param root of all volumes; made when the first is
    public Volumes(Path root) {
        this.root = root;
    }

    /// A volume.
    ///
    /// @param data its files
    public record Volume(String name, Instant createdAt, Map<String, String> labels, Path data) {
        /// Bytes of its files. Those that go meanwhile, or that cannot be looked at, do not count.
        long bytes() throws IOException {
            long[] bytes = {0};
            Files.walkFileTree(data, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes facts) {
                    bytes[0] += facts.isRegularFile() ? facts.size() : 0;
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException gone) {
                    return FileVisitResult.CONTINUE;
                }
            });
            return bytes[0];
        }
    }

    private record About(Instant createdAt, Map<String, String> labels) {}

    /// Whether a volume may be called so.
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /// The volume of this name, made when there is none; the labels of one that exists stay.
    ///
    /// @throws IllegalArgumentException when it is no name
    public synchronized Volume ensure(String name, Map<String, String> labels) throws IOException {
        if (!isName(name)) {
            throw new IllegalArgumentException("no name for a volume: " + name);
        }
        Optional<Volume> present = find(name);
        if (present.isPresent()) {
            return present.get();
        }
        Path folder = root.resolve(name);
        Files.createDirectories(folder.resolve(DATA));
        var about = new About(Instant.now(), new TreeMap<>(labels));
        Files.write(folder.resolve(ABOUT), Codec.JSON.write(about));
        return volume(name, about);
    }

    /// The volume of this name. One that a task made has no labels, and its directory's age.
    public Optional<Volume> find(String name) throws IOException {
        Path data = root.resolve(name).resolve(DATA);
        if (!isName(name) || !Files.isDirectory(data)) {
            return Optional.empty();
        }
        Path about = root.resolve(name).resolve(ABOUT);
        return Optional.of(volume(
                name,
                Files.exists(about)
                        ? Codec.JSON.read(Files.readAllBytes(about), About.class)
                        : new About(Files.getLastModifiedTime(data).toInstant(), Map.of())));
    }

    private Volume volume(String name, About about) {
        return new Volume(
                name, about.createdAt(), about.labels(), root.resolve(name).resolve(DATA));
    }

    /// All, by name.
    public List<Volume> list() throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        List<Volume> volumes = new ArrayList<>();
        try (Stream<Path> folders = Files.list(root)) {
            for (Path folder : folders.sorted().toList()) {
                find(String.valueOf(folder.getFileName())).ifPresent(volumes::add);
            }
        }
        return volumes;
    }

    /// Removes a volume with its files; nothing happens when there is none.
    public synchronized void remove(String name) throws IOException {
        Path folder = root.resolve(name);
        if (!isName(name) || !Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /// The name of the volume whose files are at `data`.
    static String nameOf(Path data) {
        Path folder = data.getParent();
        return folder == null ? "" : String.valueOf(folder.getFileName());
    }
}
