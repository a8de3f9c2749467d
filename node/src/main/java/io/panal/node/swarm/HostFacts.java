package io.panal.node.swarm;

import io.panal.core.model.Node;
import io.panal.core.model.TaskSpec;
import io.panal.node.dataplane.HostAddresses;
import io.panal.node.kernel.Allowance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What a node says of its host: name, processor, memory, engine.
///
/// Memory and processors are what the daemon's own cgroup allows, where that is less than the host has: a machine with
/// `--memory 512` offers 512 MB to the scheduler.
public final class HostFacts {
    private HostFacts() {}

    /// @param engineVersion of this program
    /// @param labels given to the daemon (`--label`)
    /// @param tlsInfo of the swarm that it is in
    public static Node.Description describe(String engineVersion, Map<String, String> labels, Node.TlsInfo tlsInfo)
            throws IOException {
        return new Node.Description(
                hostname(),
                new TaskSpec.Platform(System.getProperty("os.arch").replace("amd64", "x86_64"), "linux"),
                new TaskSpec.Resources(Allowance.nanoCpus(), Allowance.memoryBytes(), List.of()),
                new Node.Engine(
                        engineVersion,
                        labels,
                        List.of(
                                new Node.Plugin("Log", "json-file"),
                                new Node.Plugin("Log", "local"),
                                new Node.Plugin("Network", "bridge"),
                                new Node.Plugin("Network", "host"),
                                new Node.Plugin("Network", "null"),
                                new Node.Plugin("Network", "overlay"),
                                new Node.Plugin("Volume", "local"))),
                tlsInfo,
                HostAddresses.ofOthers());
    }

    /// The kernel's own answer: `HOSTNAME` may be another's.
    public static String hostname() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    }
}
