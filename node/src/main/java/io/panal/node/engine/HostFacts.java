package io.panal.node.engine;

import io.panal.node.kernel.Allowance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What this host is, read anew each time: a machine's name or limits may change.
record HostFacts(String hostname, String kernel, String system, String systemVersion, int cpus, long memoryBytes) {
    static HostFacts read() throws IOException {
        return new HostFacts(
                line("/proc/sys/kernel/hostname"),
                line("/proc/sys/kernel/osrelease"),
                release("PRETTY_NAME", "Linux"),
                release("VERSION_ID", ""),
                Runtime.getRuntime().availableProcessors(),
                Allowance.memoryBytes());
    }

    /// As Docker names it: x86_64 or aarch64.
    static String machine() {
        String name = System.getProperty("os.arch", "");
        return name.equals("amd64") ? "x86_64" : name;
    }

    /// As Go and OCI name it: amd64 or arm64.
    static String architecture() {
        return switch (machine()) {
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            case String other -> other;
        };
    }

    static boolean isCgroupUnified() {
        return Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));
    }

    private static String line(String path) throws IOException {
        return Files.readString(Path.of(path)).strip();
    }

    private static String release(String key, String otherwise) throws IOException {
        Path file = Path.of("/etc/os-release");
        if (!Files.exists(file)) {
            return otherwise;
        }
        return Files.readAllLines(file).stream()
                .filter(text -> text.startsWith(key + "="))
                .map(text -> text.substring(key.length() + 1).replace("\"", ""))
                .findFirst()
                .orElse(otherwise);
    }
}
