package io.panal.machines.host;

import io.panal.machines.model.Limits;
import io.panal.machines.model.MachineFailure;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Control groups by their path below the root, in each version 1 hierarchy and in version 2.
final class ControlGroups {
    private static final Path MOUNT = Path.of("/sys/fs/cgroup");

    private ControlGroups() {}

    /// @throws MachineFailure when the host has no control groups, or not those that enforce the limits asked for
    static void require(Limits limits) throws IOException {
        if (!Files.exists(MOUNT.resolve("cgroup.controllers")) && !Files.isDirectory(MOUNT.resolve("freezer"))) {
            throw new MachineFailure("no control groups at /sys/fs/cgroup, which hold a machine's processes together. "
                    + "Mount them (Debian: apt-get install cgroupfs-mount) or run on a host with cgroup version 2");
        }
        if (limits.memoryBytes() > 0 && !hasController("memory")) {
            throw lacking("memory", "memory");
        }
        if (limits.nanoCpus() > 0 && !hasController("cpu")) {
            throw lacking("cpu", "cpus");
        }
    }

    private static MachineFailure lacking(String controller, String flag) {
        return new MachineFailure(
                ("this host cannot limit --%s: its control groups lack the %s controller. Switch it on"
                                + " (kernel command line: cgroup_enable=%s) or leave --%s out")
                        .formatted(flag, controller, controller, flag));
    }

    private static boolean hasController(String name) throws IOException {
        var unified = MOUNT.resolve("cgroup.controllers");
        return Files.exists(unified)
                ? List.of(Files.readString(unified).strip().split(" ", -1)).contains(name)
                : Files.isDirectory(MOUNT.resolve(name));
    }

    /// Whether a living process belongs to the group or one below it.
    static boolean holds(String group, long pid) throws IOException {
        try {
            if (Files.readString(Path.of("/proc", Long.toString(pid), "stat")).matches("(?s)\\d+ \\(.*\\) [ZX] .*")) {
                return false;
            }
            for (var line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "cgroup"))) {
                var path = line.substring(line.indexOf(':', line.indexOf(':') + 1) + 1);
                if (path.equals(group) || path.startsWith(group + "/")) {
                    return true;
                }
            }
            return false;
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException vanished) {
            // The kernel answers ESRCH when the process ends between our opening the file and reading it.
            if (Files.exists(Path.of("/proc", Long.toString(pid)))) {
                throw vanished;
            }
            return false;
        }
    }

    /// The processes in a group and below it, as each hierarchy tells.
    static Set<Long> members(String group) throws IOException {
        var members = new TreeSet<Long>();
        for (var hierarchy : hierarchies()) {
            for (var directory : tree(hierarchy.resolve(group.substring(1)))) {
                members.addAll(processes(directory));
            }
        }
        return members;
    }

    private static List<Long> processes(Path directory) throws IOException {
        try {
            return Files.readAllLines(directory.resolve("cgroup.procs")).stream()
                    .map(Long::valueOf)
                    .toList();
        } catch (NoSuchFileException gone) {
            return List.of();
        }
    }

    /// Removes a group with all below it, and its parent when it was the last one there.
    ///
    /// Its processes are dead; the kernel may still count them for a moment.
    static void remove(String group, Duration patience) throws IOException {
        var deadline = System.nanoTime() + patience.toNanos();
        for (var hierarchy : hierarchies()) {
            var directory = hierarchy.resolve(group.substring(1));
            while (!isRemoved(directory)) {
                if (System.nanoTime() > deadline) {
                    throw new MachineFailure("control group %s is still in use".formatted(directory));
                }
                Pause.briefly();
            }
            var parent = directory.getParent();
            if (parent != null && !parent.equals(hierarchy)) {
                removeIfEmpty(parent);
            }
        }
    }

    private static boolean isRemoved(Path directory) throws IOException {
        return tree(directory).stream().allMatch(ControlGroups::removeIfEmpty);
    }

    /// Directories, deepest first; those that vanish meanwhile are left out.
    private static List<Path> tree(Path directory) throws IOException {
        var found = new ArrayList<Path>();
        try (var entries = Files.newDirectoryStream(directory, Files::isDirectory)) {
            for (var entry : entries) {
                found.addAll(tree(entry));
            }
            found.add(directory);
        } catch (NoSuchFileException | NotDirectoryException gone) {
            found.clear();
        }
        return found;
    }

    private static boolean removeIfEmpty(Path directory) {
        try {
            Files.deleteIfExists(directory);
            return true;
        } catch (DirectoryNotEmptyException inUse) {
            return false;
        } catch (FileSystemException busy) {
            return !Files.isDirectory(directory);
        } catch (IOException unexpected) {
            return false;
        }
    }

    private static List<Path> hierarchies() throws IOException {
        var hierarchies = new ArrayList<Path>();
        if (Files.exists(MOUNT.resolve("cgroup.controllers"))) {
            return List.of(MOUNT);
        }
        try (var entries = Files.newDirectoryStream(MOUNT, Files::isDirectory)) {
            for (var entry : entries) {
                if (!Files.isSymbolicLink(entry)) {
                    hierarchies.add(entry);
                }
            }
        }
        return hierarchies;
    }
}
