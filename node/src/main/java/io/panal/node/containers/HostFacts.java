package io.panal.node.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// What this host's kernel and root can do.
///
/// @param unified      control groups are version 2 alone
/// @param swapLimited  memory limits can include swap
/// @param capabilities bit mask of our own bounding set
record HostFacts(boolean unified, boolean swapLimited, long capabilities) {
    /// A device node of the host.
    record Device(String path, char type, long major, long minor, int mode) {}

    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final int TYPE_MASK = 0170000;
    private static final int CHARACTER = 0020000;
    private static final int BLOCK = 0060000;

    static HostFacts read() throws IOException {
        boolean unified = Files.exists(CGROUPS.resolve("cgroup.controllers"));
        // A kernel without swap has neither file.
        boolean swap =
                Files.exists(unified ? Path.of("/proc/swaps") : CGROUPS.resolve("memory/memory.memsw.limit_in_bytes"));
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            long bounding = lines.filter(line -> line.startsWith("CapBnd:"))
                    .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .findFirst()
                    .orElse(-1);
            return new HostFacts(unified, swap, bounding);
        }
    }

    /// All device nodes, for a privileged container; those of terminals and mounts apart, which it gets its own of.
    static List<Device> devices() throws IOException {
        var devices = new ArrayList<Device>();
        try (Stream<Path> paths = Files.walk(Path.of("/dev"))) {
            for (var path : (Iterable<Path>) paths::iterator) {
                if (!path.toString().matches("/dev/(pts|shm|mqueue|fd|console|lxc|\\.lxd-mounts)(/.*)?")) {
                    device(path).ifPresent(devices::add);
                }
            }
        }
        return devices;
    }

    private static Optional<Device> device(Path path) throws IOException {
        Map<String, Object> facts = Files.readAttributes(path, "unix:mode,rdev", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) Objects.requireNonNull(facts.get("mode"));
        long number = (long) Objects.requireNonNull(facts.get("rdev"));
        long major = ((number >> 8) & 0xfff) | ((number >> 32) & ~0xfffL);
        long minor = (number & 0xff) | ((number >> 12) & ~0xffL);
        return switch (mode & TYPE_MASK) {
            case CHARACTER -> Optional.of(new Device(path.toString(), 'c', major, minor, mode & 0777));
            case BLOCK -> Optional.of(new Device(path.toString(), 'b', major, minor, mode & 0777));
            default -> Optional.empty();
        };
    }
}
