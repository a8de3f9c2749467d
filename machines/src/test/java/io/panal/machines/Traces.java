package io.panal.machines;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.machines.model.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What machines could leave on the host.
final class Traces {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Traces() {}

    /// Nothing of a network and its machines is left; the kernel gets a moment to take network namespaces down.
    static void none(String network) throws Exception {
        var hex = Address.parse(network).hex().substring(0, 6);
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!links(hex).isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        assertThat(links(hex)).isEmpty();
        assertThat(said("nft", "list", "tables")).doesNotContain("panal_" + hex);
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain("panal-machines-test-");
    }

    /// No control group of a storage is left.
    static void noGroups(String key) throws IOException {
        try (var groups = Files.find(Path.of("/sys/fs/cgroup"), 2, (path, _) -> path.endsWith(key))) {
            assertThat(groups).isEmpty();
        }
    }

    private static List<String> links(String hex) throws Exception {
        try (var links = Files.list(Path.of("/sys/class/net"))) {
            return links.map(link -> link.getFileName().toString())
                    .filter(name -> name.startsWith("panal") && name.contains(hex))
                    .toList();
        }
    }

    private static String said(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes());
    }
}
