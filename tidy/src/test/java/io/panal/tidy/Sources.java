package io.panal.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The project's files as they are written.
final class Sources {
    /// The project's root directory.
    static final Path ROOT = root();

    private static final List<String> NOT_OURS = List.of("target", ".git", "node_modules", "generated");

    private Sources() {}

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("CONTRIBUTING.md"))) {
            here = here.getParent();
        }
        return here;
    }

    static boolean exists(Path path) {
        return Files.exists(path);
    }

    /// Files whose names end so, generated and fetched ones apart, in the order of their paths.
    static List<Path> ending(String end) {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.filter(path -> path.getFileName().toString().endsWith(end))
                    .filter(Sources::isOurs)
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static boolean isOurs(Path path) {
        for (Path part : ROOT.relativize(path)) {
            if (NOT_OURS.contains(part.toString())) {
                return false;
            }
        }
        return true;
    }

    static List<String> lines(Path path) {
        try {
            return Files.readAllLines(path);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// As a reader finds it: `core/src/main/...:12`.
    static String place(Path path, int index) {
        return ROOT.relativize(path) + ":" + (index + 1);
    }
}
