package io.panal.node;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a daemon is to run: dockerd's flags, as far as they mean something here.
///
/// @param data what must outlive a reboot (`--data-root`); not on an overlay file system
/// @param run sockets and what need not outlive a reboot (`--exec-root`)
/// @param hosts where the API is answered: `unix:///run/panal/docker.sock`, `tcp://0.0.0.0:2376`
/// @param tls for the TCP sockets; without it they are plain, as dockerd's are
/// @param labels of this engine (`--label name=value`)
/// @param pidFile where the process id is written; empty writes none
public record DaemonOptions(
        Path data,
        Path run,
        List<String> hosts,
        Optional<TlsFiles> tls,
        Map<String, String> labels,
        Optional<Path> pidFile) {
    /// Where a daemon keeps its data when nothing else is said.
    public static final Path DATA = Path.of("/var/lib/panal");

    /// Where a daemon has its sockets when nothing else is said.
    public static final Path RUN = Path.of("/run/panal");

    public DaemonOptions {
        hosts = hosts.isEmpty() ? List.of("unix://" + run.resolve("docker.sock")) : List.copyOf(hosts);
    }

    /// PEM files: who signs clients, this server's certificate, its key.
    public record TlsFiles(Path authority, Path certificate, Path key) {}
}
