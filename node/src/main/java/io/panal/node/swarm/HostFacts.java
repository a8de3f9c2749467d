package io.panal.node.swarm;

import io.panal.core.model.Node;
import io.panal.core.model.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What a node says of its host: name, processor, memory, engine.
///
/// Memory and processors are what the daemon's own cgroup allows, where that is less than the host has: a machine with
/// `--memory 512` offers 512 MB to the scheduler.
public final class HostFacts {
    private static final Path MEMORY_V1 = Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes");
    private static final Path MEMORY_V2 = Path.of("/sys/fs/cgroup/memory.max");
    private static final Path QUOTA_V1 = Path.of("/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
    private static final Path PERIOD_V1 = Path.of("/sys/fs/cgroup/cpu/cpu.cfs_period_us");
    private static final Path QUOTA_V2 = Path.of("/sys/fs/cgroup/cpu.max");
    private static final long NANOS = 1_000_000_000L;

    private HostFacts() {}

    /// @param engineVersion of this program
    /// @param labels given to the daemon (`--label`)
    /// @param tlsInfo of the swarm that it is in
    public static Node.Description describe(String engineVersion, Map<String, String> labels, Node.TlsInfo tlsInfo)
            throws IOException {
        return new Node.Description(
                hostname(),
                new TaskSpec.Platform(System.getProperty("os.arch").replace("amd64", "x86_64"), "linux"),
                new TaskSpec.Resources(nanoCpus(), memoryBytes(), List.of()),
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
                tlsInfo);
    }

    /// The kernel's own answer: `HOSTNAME` may be another's.
    public static String hostname() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    }

    /// Billionths of a core.
    public static long nanoCpus() throws IOException {
        long all = Runtime.getRuntime().availableProcessors() * NANOS;
        OptionalLong quota = number(QUOTA_V1);
        OptionalLong period = number(PERIOD_V1);
        if (quota.isPresent() && quota.getAsLong() > 0 && period.orElse(0) > 0) {
            return Math.min(all, quota.getAsLong() * NANOS / period.getAsLong());
        }
        Optional<String> both = text(QUOTA_V2);
        if (both.isPresent() && !both.get().startsWith("max")) {
            List<String> parts = List.of(both.get().split(" ", -1));
            return Math.min(all, Long.parseLong(parts.getFirst()) * NANOS / Long.parseLong(parts.getLast()));
        }
        return all;
    }

    /// Bytes.
    public static long memoryBytes() throws IOException {
        long total = Long.MAX_VALUE;
        for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            if (line.startsWith("MemTotal:")) {
                total = Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        long limit = Math.min(
                number(MEMORY_V1).orElse(Long.MAX_VALUE), number(MEMORY_V2).orElse(Long.MAX_VALUE));
        return Math.min(total, limit);
    }

    private static OptionalLong number(Path file) throws IOException {
        return text(file)
                .filter(text -> text.matches("-?[0-9]{1,18}"))
                .map(text -> OptionalLong.of(Long.parseLong(text)))
                .orElse(OptionalLong.empty());
    }

    private static Optional<String> text(Path file) throws IOException {
        return Files.isReadable(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
    }
}
