package io.panal.machines.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Programs of the host, also those that root's path lacks after a plain `su`.
final class Programs {
    private static final List<String> SYSTEM = List.of("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin");

    private Programs() {}

    /// Where a program is; the caller's own path comes first.
    static Optional<Path> find(String program) {
        return directories().stream()
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// A search path for programs and for what they start in turn.
    static String searchPath() {
        return String.join(":", directories());
    }

    private static List<String> directories() {
        var directories = new ArrayList<String>();
        for (var directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            if (directory.startsWith("/")) {
                directories.add(directory);
            }
        }
        SYSTEM.stream().filter(directory -> !directories.contains(directory)).forEach(directories::add);
        return directories;
    }
}
