package io.panal.images.debian;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A program that tests are held against: the one on the path, else out of Debian's package, which is not installed.
public final class DebianTool {
    private static final Path PLACE = Path.of("target/tools").toAbsolutePath();
    private static final List<String> LEFT_OUT = List.of("libc6", "libc-bin", "dpkg", "debconf", "tar", "base-files");

    private DebianTool() {}

    /// A process that is yet to be started, with nothing to read.
    ///
    /// @param name of the package and the program, such as `skopeo`
    public static ProcessBuilder process(String name, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(name));
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.redirectInput(Path.of("/dev/null").toFile());
        boolean isOnPath = Objects.requireNonNull(System.getenv("PATH"))
                .lines()
                .flatMap(path -> List.of(path.split(File.pathSeparator)).stream())
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
        if (!isOnPath) {
            Path root = unpacked(name);
            words.set(0, root.resolve("usr/bin").resolve(name).toString());
            builder.environment().put("LD_LIBRARY_PATH", libraries(root));
        }
        return builder;
    }

    private static synchronized Path unpacked(String name) throws IOException {
        Path root = PLACE.resolve(name);
        if (!Files.exists(root)) {
            Recipe.Run none = new Recipe.Run(List.of(), List.of(), Map.of(), List.of(), "");
            Recipe recipe = new Recipe(name, name, List.of(), LEFT_OUT, List.of(), none);
            Path draft = PLACE.resolve(name + ".draft");
            RootDirectory.remove(draft);
            RootDirectory.unpack(new Packages(PLACE.resolve("packages")).fetch(recipe, _ -> {}), draft);
            Files.move(draft, root);
        }
        return root;
    }

    private static String libraries(Path root) throws IOException {
        try (var directories = Files.list(root.resolve("usr/lib"))) {
            List<String> found = directories
                    .filter(directory -> directory.getFileName().toString().endsWith("-linux-gnu"))
                    .map(Path::toString)
                    .toList();
            return String.join(":", found);
        }
    }
}
