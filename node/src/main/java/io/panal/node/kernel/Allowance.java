package io.panal.node.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What the kernel lets this process have: what its cgroup allows, where that is less than the host has.
///
/// Read from the kernel's files: the JDK's management beans answer the same, and load two hundred classes for it.
public final class Allowance {
    private static final Path MEMORY_V1 = Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes");
    private static final Path MEMORY_V2 = Path.of("/sys/fs/cgroup/memory.max");
    private static final Path QUOTA_V1 = Path.of("/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
    private static final Path PERIOD_V1 = Path.of("/sys/fs/cgroup/cpu/cpu.cfs_period_us");
    private static final Path QUOTA_V2 = Path.of("/sys/fs/cgroup/cpu.max");
    private static final long NANOS = 1_000_000_000L;

    private Allowance() {}

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
