package io.panal.node.containers;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Shims that nobody will ever ask for again.
///
/// containerd 1.6 forgets to end a shim when the caller of `Tasks.Delete` goes away in the middle, as a daemon does
/// that is killed. Its container is gone by then.
final class StrayShims {
    private static final System.Logger LOG = System.getLogger(StrayShims.class.getName());
    private static final String PROGRAM = "containerd-shim-runc-v2";

    private StrayShims() {}

    /// Ends those of our containerd that have no task. Not to be called while a container is being started.
    ///
    /// @param socket of our containerd, by which its shims are known
    /// @param tasks  ids of the containers that have one
    static void end(Path socket, Set<String> tasks) {
        ProcessHandle.allProcesses().forEach(process -> {
            var id = container(process, socket);
            if (id.isPresent() && !tasks.contains(id.get())) {
                LOG.log(Level.INFO, () -> "shim without a task ended id=%s pid=%d".formatted(id.get(), process.pid()));
                process.destroyForcibly();
            }
        });
    }

    private static Optional<String> container(ProcessHandle process, Path socket) {
        var words = words(process);
        boolean ours = words.stream().anyMatch(word -> word.endsWith(PROGRAM))
                && after(words, "-address").equals(Optional.of(socket.toString()))
                && after(words, "-namespace").equals(Optional.of(Containerd.NAMESPACE));
        return ours ? after(words, "-id") : Optional.empty();
    }

    private static Optional<String> after(List<String> words, String option) {
        int at = words.indexOf(option);
        return at < 0 || at + 1 >= words.size() ? Optional.empty() : Optional.of(words.get(at + 1));
    }

    private static List<String> words(ProcessHandle process) {
        try {
            var line = Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
            return List.of(line.split("\0"));
        } catch (IOException _) {
            // It ended while we looked.
            return List.of();
        }
    }
}
