package io.panal.node.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads a container's control group where containerd does not tell.
final class ControlGroups {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private ControlGroups() {}

    /// Whether the kernel killed a process of the group for want of memory, by its own count.
    ///
    /// @param group absolute path below the root, of either version
    static boolean killedForMemory(String group) throws IOException {
        var relative = group.substring(1);
        var unified = ROOT.resolve(relative).resolve("memory.events");
        var old = ROOT.resolve("memory").resolve(relative).resolve("memory.oom_control");
        var file = Files.exists(unified) ? unified : old;
        if (!Files.exists(file)) {
            return false;
        }
        try (var lines = Files.lines(file)) {
            return lines.anyMatch(line -> line.startsWith("oom_kill ") && !line.equals("oom_kill 0"));
        }
    }
}
