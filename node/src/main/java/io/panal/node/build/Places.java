package io.panal.node.build;

import io.panal.images.archive.TarEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where paths lead in an image whose root is the root of all files now.
///
/// A layer that names `/bin/x` where `/bin` is a link would put a directory in the link's place.
final class Places {
    private final Map<Path, Path> directories = new HashMap<>();

    /// The path with the links of its directories followed; its last part stays as it is.
    String of(String path) throws IOException {
        Path whole = Path.of(path).normalize();
        Path parent = whole.getParent();
        return parent == null
                ? whole.toString()
                : real(parent).resolve(whole.getFileName()).toString();
    }

    /// The path with all links followed, without a slash at its end.
    String directory(String path) throws IOException {
        String real = real(Path.of(path).normalize()).toString();
        return real.equals("/") ? "" : real;
    }

    private Path real(Path directory) throws IOException {
        Path known = directories.get(directory);
        if (known != null) {
            return known;
        }
        Path parent = directory.getParent();
        Path real = directory;
        if (Files.exists(directory)) {
            real = directory.toRealPath();
        } else if (parent != null) {
            real = real(parent).resolve(directory.getFileName());
        }
        directories.put(directory, real);
        return real;
    }

    /// @param text `user[:group]`, names or numbers; empty for root
    TarEntry.Owner owner(String text) throws IOException {
        if (text.isEmpty()) {
            return TarEntry.Owner.ROOT;
        }
        String[] parts = text.split(":", 2);
        String[] user = entry("/etc/passwd", parts[0]);
        long uid = user.length > 2 ? Long.parseLong(user[2]) : number(parts[0], "user");
        if (parts.length < 2) {
            return new TarEntry.Owner(uid, user.length > 3 ? Long.parseLong(user[3]) : uid);
        }
        String[] group = entry("/etc/group", parts[1]);
        return new TarEntry.Owner(uid, group.length > 2 ? Long.parseLong(group[2]) : number(parts[1], "group"));
    }

    private static String[] entry(String file, String name) throws IOException {
        List<String> lines = Files.exists(Path.of(file)) ? Files.readAllLines(Path.of(file)) : List.of();
        return lines.stream()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields[0].equals(name))
                .findFirst()
                .orElse(new String[0]);
    }

    private static long number(String text, String what) throws BuildException {
        if (!text.matches("[0-9]{1,9}")) {
            throw new BuildException(
                    "unable to convert uid/gid chown string to host mapping: can't find %s %s: no such %s"
                            .formatted(what, text, what));
        }
        return Long.parseLong(text);
    }
}
