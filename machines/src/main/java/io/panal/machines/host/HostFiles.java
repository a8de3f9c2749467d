package io.panal.machines.host;

import io.panal.machines.model.Machine;
import io.panal.machines.store.Folder;
import io.panal.machines.store.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;

/// The files of `/etc` that say who a machine is and where it asks for names; written anew at each start, since the
/// host may have moved to another network.
final class HostFiles {
    static final List<String> NAMES = List.of("hostname", "hosts", "resolv.conf", "machine-id");
    /// What docker falls back to when the host's resolvers are all on its own loopback.
    private static final List<String> PUBLIC_RESOLVERS = List.of("nameserver 8.8.8.8", "nameserver 8.8.4.4");

    private HostFiles() {}

    static void write(Machine machine, Folder folder) throws IOException {
        var given = folder.given();
        Files.createDirectories(given);
        Storage.writeWhole(given.resolve("hostname"), machine.name() + "\n");
        Storage.writeWhole(given.resolve("hosts"), """
                127.0.0.1 localhost
                ::1 localhost ip6-localhost ip6-loopback
                %s %s
                """.formatted(machine.address(), machine.name()));
        Storage.writeWhole(given.resolve("resolv.conf"), resolvers());
        if (!Files.exists(given.resolve("machine-id"))) {
            Storage.writeWhole(
                    given.resolve("machine-id"), UUID.randomUUID().toString().replace("-", "") + "\n");
        }
        for (var name : NAMES) {
            Files.setPosixFilePermissions(
                    given.resolve(name), java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        }
    }

    private static String resolvers() throws IOException {
        for (var file : List.of("/etc/resolv.conf", "/run/systemd/resolve/resolv.conf")) {
            if (Files.isReadable(Path.of(file))) {
                var lines = reachable(Files.readAllLines(Path.of(file)));
                if (lines.stream().anyMatch(line -> line.startsWith("nameserver"))) {
                    return String.join("\n", lines) + "\n";
                }
            }
        }
        return String.join("\n", PUBLIC_RESOLVERS) + "\n";
    }

    /// A resolver on the host's loopback cannot be reached from a machine.
    static List<String> reachable(List<String> lines) {
        var kept = new LinkedHashSet<String>();
        for (var line : lines) {
            var words = line.strip().split("\\s+");
            var isResolver = words.length > 1 && words[0].equals("nameserver");
            if (words[0].equals("search") || words[0].equals("options") || isResolver) {
                if (!isResolver || !(words[1].startsWith("127.") || words[1].equals("::1"))) {
                    kept.add(String.join(" ", words));
                }
            }
        }
        return List.copyOf(kept);
    }
}
