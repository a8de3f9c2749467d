package io.panal.node.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What this daemon is, for `version` and `info`.
///
/// @param engineId of this host, kept over restarts
/// @param version of Panal
/// @param build when and of what it was made
/// @param containerdVersion of the containerd it drives
/// @param runcVersion of the runtime
/// @param dataRoot where it keeps what must outlive a restart
/// @param labels `--label` of the daemon
/// @param insecureRegistries host names and ranges that may be plain HTTP
public record EngineFacts(
        String engineId,
        String version,
        BuildFacts build,
        String containerdVersion,
        String runcVersion,
        Path dataRoot,
        Map<String, String> labels,
        List<String> insecureRegistries) {
    /// Copies.
    public EngineFacts {
        labels = Map.copyOf(labels);
        insecureRegistries = List.copyOf(insecureRegistries);
    }
}
