package io.panal.images.debian;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Debian's packages through the host's own apt, which resolves, fetches and verifies them; nothing is installed.
///
/// Apt is told of a machine without any package, so that it names all that are needed.
final class Packages {
    private static final Pattern LINE =
            Pattern.compile("'\\S+' (?<file>(?<name>[a-z0-9][a-z0-9+.-]*)_(?<version>[^_ ]+)_[a-z0-9]+\\.deb) ");

    private final Path directory;

    /// @param directory where packages are kept, which is made
    Packages(Path directory) throws IOException {
        this.directory = directory.toAbsolutePath();
        Files.createDirectories(this.directory.resolve("archives/partial"));
        Files.createDirectories(this.directory.resolve("none/partial"));
        Files.write(this.directory.resolve("status"), new byte[0]);
    }

    /// A package's file.
    record Archive(String name, String version, Path file) {
        /// The version without epoch and without Debian's revision.
        String upstream() {
            String plain = version.substring(version.indexOf(':') + 1);
            int revision = plain.lastIndexOf('-');
            return revision < 0 ? plain : plain.substring(0, revision);
        }

        private static Archive of(String line, Path archives) throws IOException {
            Matcher match = LINE.matcher(line);
            if (!match.lookingAt()) {
                throw new IOException("apt-get named no package: " + line);
            }
            String version = URLDecoder.decode(match.group("version").replace("+", "%2B"), StandardCharsets.UTF_8);
            return new Archive(match.group("name"), version, archives.resolve(match.group("file")));
        }
    }

    /// Fetches packages and all they depend on, sorted by file name.
    ///
    /// @throws IOException when apt cannot, with what it said
    List<Archive> fetch(Recipe recipe, Consumer<String> progress) throws IOException {
        progress.accept("asking apt what %s needs".formatted(recipe.mainPackage()));
        List<Archive> all = resolve(recipe, progress);
        List<Archive> missing =
                all.stream().filter(one -> !Files.exists(one.file)).toList();
        if (!missing.isEmpty()) {
            progress.accept("fetching %d of %d packages".formatted(missing.size(), all.size()));
            apt(recipe, "archives", "--download-only").run();
        }
        return all.stream().filter(one -> !recipe.leftOut().contains(one.name)).toList();
    }

    private List<Archive> resolve(Recipe recipe, Consumer<String> progress) throws IOException {
        try {
            return list(recipe);
        } catch (IOException unknown) {
            // A fresh machine has no package lists yet.
            progress.accept("fetching apt's package lists");
            Command.of("apt-get", "-qq", "update").run();
            return list(recipe);
        }
    }

    private List<Archive> list(Recipe recipe) throws IOException {
        List<Archive> archives = new ArrayList<>();
        // Apt names only what it has not got yet, so it is shown a place that stays empty.
        Set<String> lines = new TreeSet<>(apt(recipe, "none", "--print-uris")
                .output()
                .lines()
                .filter(line -> line.startsWith("'"))
                .toList());
        for (String line : lines) {
            archives.add(Archive.of(line, directory.resolve("archives")));
        }
        archives.sort((one, other) -> one.file.compareTo(other.file));
        return archives;
    }

    private Command apt(Recipe recipe, String place, String action) {
        List<String> words = new ArrayList<>(List.of(
                "apt-get",
                "-qq",
                "-y",
                "-o",
                "Dir::State::status=" + directory.resolve("status"),
                "-o",
                "Dir::Cache::archives=" + directory.resolve(place) + "/",
                "-o",
                "APT::Install-Recommends=false",
                "-o",
                "APT::Sandbox::User=root",
                "-o",
                "Debug::NoLocking=true",
                action,
                "install",
                recipe.mainPackage()));
        words.addAll(recipe.others());
        return new Command(words);
    }
}
