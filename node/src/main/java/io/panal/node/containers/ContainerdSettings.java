package io.panal.node.containers;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// The configuration file of our containerd.
final class ContainerdSettings {
    /// What we do not use costs start time and memory: Kubernetes' half, other snapshotters, tracing. Names of 1.6 and
    /// of 2.x; those that a version does not know are ignored by it.
    private static final List<String> DISABLED = List.of(
            "io.containerd.grpc.v1.cri",
            "io.containerd.cri.v1.images",
            "io.containerd.cri.v1.runtime",
            "io.containerd.podsandbox.controller.v1.podsandbox",
            "io.containerd.nri.v1.nri",
            "io.containerd.internal.v1.opt",
            "io.containerd.internal.v1.restart",
            "io.containerd.internal.v1.tracing",
            "io.containerd.tracing.processor.v1.otlp",
            "io.containerd.snapshotter.v1.aufs",
            "io.containerd.snapshotter.v1.blockfile",
            "io.containerd.snapshotter.v1.btrfs",
            "io.containerd.snapshotter.v1.devmapper",
            "io.containerd.snapshotter.v1.erofs",
            "io.containerd.snapshotter.v1.native",
            "io.containerd.snapshotter.v1.zfs");

    private ContainerdSettings() {}

    static String toml(Path root, Path state, Path socket) {
        var disabled = DISABLED.stream().map("\"%s\""::formatted).collect(Collectors.joining(", "));
        return """
                version = 2
                root = "%s"
                state = "%s"
                disabled_plugins = [%s]

                [grpc]
                  address = "%s"

                [debug]
                  level = "warn"
                """.formatted(root, state, disabled, socket);
    }
}
