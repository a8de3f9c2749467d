package io.panal.node.containers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Reads a container's control group where containerd does not tell.
final class ControlGroups {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    /// Where the processes go that are in the way.
    private static final String OURS = "panal.daemon";

    private static final List<String> CONTROLLERS = List.of("cpu", "cpuset", "memory", "pids", "io");

    private ControlGroups() {}

    /// Makes limits possible for groups below the root. In version 2 a group with processes cannot limit the groups
    /// below it, save the true root: in a control group namespace, as of a machine, ours must move aside first.
    ///
    /// Source: the kernel's `cgroup-v2.rst`, "No Internal Process Constraint".
    static void makeRoom(HostFacts host, String parent) throws IOException {
        if (!host.unified() || !Files.exists(ROOT.resolve("cgroup.type"))) {
            return;
        }
        var ours = ROOT.resolve(OURS);
        Files.createDirectories(ours);
        for (var pid : Files.readAllLines(ROOT.resolve("cgroup.procs"))) {
            move(pid, ours);
        }
        enable(ROOT);
        var group = ROOT.resolve(parent.substring(1));
        Files.createDirectories(group);
        enable(group);
    }

    /// Removes a group unless something is in it, which the kernel refuses; who needs it makes it again.
    static void removeEmpty(String group) {
        var name = group.substring(1);
        boolean _ = ROOT.resolve(name).toFile().delete();
        var hierarchies = ROOT.toFile().listFiles(File::isDirectory);
        for (var hierarchy : hierarchies == null ? new File[0] : hierarchies) {
            boolean _ = new File(hierarchy, name).delete();
        }
    }

    private static void move(String pid, Path group) throws IOException {
        try {
            Files.writeString(group.resolve("cgroup.procs"), pid);
        } catch (IOException failed) {
            // Of another pid namespace, or ended just now: only one that is still here is in the way.
            if (Files.exists(Path.of("/proc", pid))) {
                throw failed;
            }
        }
    }

    private static void enable(Path group) throws IOException {
        var available = List.of(
                Files.readString(group.resolve("cgroup.controllers")).strip().split(" "));
        for (var controller : CONTROLLERS) {
            if (available.contains(controller)) {
                Files.writeString(group.resolve("cgroup.subtree_control"), "+" + controller);
            }
        }
    }

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
