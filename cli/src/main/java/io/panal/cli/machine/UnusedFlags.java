package io.panal.cli.machine;

import io.panal.cli.command.Arguments;
import java.util.ArrayList;
import java.util.List;

/// Flags of docker-machine that mean nothing to a machine of namespaces: taken, so that old lines run, and said so.
final class UnusedFlags {
    static final String OPTIONS = """
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
            --virtualbox-hostonly-nictype string  VirtualBox (accepted, not used)
            --virtualbox-hostonly-no-dhcp         VirtualBox (accepted, not used)
            --virtualbox-import-boot2docker-vm string   VirtualBox (accepted, not used)
            --virtualbox-nat-nictype string       VirtualBox (accepted, not used)
            --virtualbox-no-dns-proxy             VirtualBox (accepted, not used)
            --virtualbox-no-share                 VirtualBox (accepted, not used)
            --virtualbox-no-vtx-check             VirtualBox (accepted, not used)
            --virtualbox-share-folder string      VirtualBox (accepted, not used)
            --virtualbox-ui-type string           VirtualBox (accepted, not used)
            """;

    private UnusedFlags() {}

    /// One line for each kind of unused flag that was given.
    static List<String> warnings(Arguments arguments) {
        var classic = new ArrayList<String>();
        var hypervisor = new ArrayList<String>();
        for (var flag : arguments.usage().flags()) {
            if (arguments.has(flag.name()) && flag.help().startsWith("Classic Swarm")) {
                classic.add("--" + flag.name());
            } else if (arguments.has(flag.name()) && flag.help().startsWith("VirtualBox")) {
                hypervisor.add("--" + flag.name());
            }
        }
        var warnings = new ArrayList<String>();
        if (!classic.isEmpty()) {
            warnings.add(
                    "Warning: %s has no effect: classic Swarm is no more. Use \"docker swarm init\" and \"docker swarm join\""
                            .formatted(String.join(", ", classic)));
        }
        if (!hypervisor.isEmpty()) {
            warnings.add("Warning: %s has no effect: a local machine has no virtual hardware"
                    .formatted(String.join(", ", hypervisor)));
        }
        return warnings;
    }
}
