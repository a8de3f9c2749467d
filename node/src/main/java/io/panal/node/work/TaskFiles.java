package io.panal.node.work;

import io.panal.core.agent.Assignment;
import io.panal.core.model.Id;
import io.panal.core.model.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Secrets and configs of tasks as files: in memory only, gone with the task.
///
/// @param directory on a tmpfs
record TaskFiles(Path directory) {
    /// @return where each is, by its id
    Map<String, Path> write(Assignment order) throws IOException {
        Map<String, Path> written = new TreeMap<>();
        if (order.files().isEmpty()) {
            return written;
        }
        Path own = Files.createDirectories(directory.resolve(order.task().value()));
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx--x--x"));
        for (Map.Entry<String, String> file : order.files().entrySet()) {
            Path path = own.resolve(file.getKey());
            Files.write(path, Base64.getDecoder().decode(file.getValue()));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("r--r--r--"));
            written.put(file.getKey(), path);
        }
        return written;
    }

    void remove(Id<Task> task) throws IOException {
        Path own = directory.resolve(task.value());
        if (Files.isDirectory(own)) {
            List<Path> files;
            try (Stream<Path> listed = Files.list(own)) {
                files = listed.toList();
            }
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(own);
        }
    }
}
