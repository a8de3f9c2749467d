package io.panal.cli.machine;

import io.panal.cli.command.Arguments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Flags of docker-machine that mean nothing to a machine of namespaces: taken, so that old lines run, and said so.
final class UnusedFlags {
    static final String OPTIONS = """
            --engine-install-url string           Engine: none is installed (accepted, not used)
            --engine-registry-mirror list         Engine: Panal's daemon has no mirrors (accepted, not used)
            --engine-storage-driver string        Engine: Panal's daemon has one storage driver (accepted, not used)
            --swarm                               Classic Swarm (accepted, not used)
            --swarm-addr string                   Classic Swarm (accepted, not used)
            --swarm-discovery string              Classic Swarm (accepted, not used)
            --swarm-experimental                  Classic Swarm (accepted, not used)
            --swarm-host string                   Classic Swarm (accepted, not used)
            --swarm-image string                  Classic Swarm (accepted, not used)
            --swarm-join-opt list                 Classic Swarm (accepted, not used)
            --swarm-master                        Classic Swarm (accepted, not used)
            --swarm-opt list                      Classic Swarm (accepted, not used)
            --swarm-strategy string               Classic Swarm (accepted, not used)
            --virtualbox-boot2docker-url string   VirtualBox (accepted, not used)
            --virtualbox-host-dns-resolver        VirtualBox (accepted, not used)
            --virtualbox-hostonly-nicpromisc string   VirtualBox (accepted, not used)
            --virtualbox-hostonly-nictype string   VirtualBox (accepted, not used)
            --virtualbox-hostonly-no-dhcp         VirtualBox (accepted, not used)
            --virtualbox-import-boot2docker-vm string   VirtualBox (accepted, not used)
            --virtualbox-nat-nictype string       VirtualBox (accepted, not used)
            --virtualbox-no-dns-proxy             VirtualBox (accepted, not used)
            --virtualbox-no-share                 VirtualBox (accepted, not used)
            --virtualbox-no-vtx-check             VirtualBox (accepted, not used)
            --virtualbox-share-folder string      VirtualBox (accepted, not used)
            --virtualbox-ui-type string           VirtualBox (accepted, not used)
            """;

    /// The help's first words to the warning's last.
    private static final Map<String, String> REASONS = new TreeMap<>(Map.of(
            "Classic Swarm", "classic Swarm is no more. Use \"docker swarm init\" and \"docker swarm join\"",
            "Engine:", "Panal's daemon has no such setting",
            "VirtualBox", "a local machine has no virtual hardware"));

    private UnusedFlags() {}

    /// One line for each kind of unused flag that was given.
    static List<String> warnings(Arguments arguments) {
        var warnings = new ArrayList<String>();
        REASONS.forEach((kind, reason) -> {
            var given = arguments.usage().flags().stream()
                    .filter(flag -> flag.help().startsWith(kind) && arguments.has(flag.name()))
                    .map(flag -> "--" + flag.name())
                    .toList();
            if (!given.isEmpty()) {
                warnings.add("Warning: %s has no effect: %s".formatted(String.join(", ", given), reason));
            }
        });
        return warnings;
    }
}
