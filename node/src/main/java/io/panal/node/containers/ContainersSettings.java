package io.panal.node.containers;

import java.nio.file.Path;

/// Where containers keep what is theirs.
///
/// @param data   survives a reboot: `containers/<id>` below has a container's log and files
/// @param run    need not: pipes and the runtime's own state
/// @param cgroup absolute path below the control groups' root, under which each container has its group
public record ContainersSettings(Path data, Path run, String cgroup) {
    /// The usual control group, `/panal`.
    public static ContainersSettings of(Path data, Path run) {
        return new ContainersSettings(data, run, "/panal");
    }

    Path directory(String id) {
        return data.resolve("containers").resolve(id);
    }

    Path pipes(String id) {
        return run.resolve("containers").resolve(id);
    }

    Path runtimeRoot() {
        return run.resolve("containerd").resolve("runc");
    }

    String cgroup(String id) {
        return cgroup + "/" + id;
    }
}
