package io.panal.machines.host;

import io.panal.machines.model.Address;
import io.panal.machines.model.MachineFailure;
import io.panal.machines.model.Site;
import io.panal.machines.model.Subnet;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The bridge of one network of machines, with the host's address on it, and the translation by which they reach out.
///
/// Its name comes from the network's address; its alias says which storage owns it.
final class Bridge {
    private static final Path INTERFACES = Path.of("/sys/class/net");

    private final Site site;
    private final Subnet subnet;

    Bridge(Site site, Subnet subnet) {
        this.site = site;
        this.subnet = subnet;
    }

    /// `panal-c0a84200` for 192.168.66.0.
    String name() {
        return "panal-" + subnet.network().hex();
    }

    /// The host's end of a machine's cable.
    static String cable(Address address) {
        return "panal" + address.hex();
    }

    static boolean exists(String networkInterface) {
        return Files.exists(INTERFACES.resolve(networkInterface));
    }

    /// Makes bridge and translation unless they are there; the bridge comes last and so vouches for the rest.
    ///
    /// The caller holds the storage's lock.
    void ensure() throws IOException {
        var owner = owner(name());
        if (owner.isPresent()) {
            if (!owner.orElseThrow().equals(alias(site))) {
                throw new MachineFailure(
                        ("the network %s is in use by other machines (%s). Choose another one, for example"
                                        + " --cidr 192.168.67.1/24")
                                .formatted(subnet.cidr(), owner.orElseThrow()));
            }
            return;
        }
        refuseOverlap();
        Command.script("the machines' network cannot be made", List.of("/bin/sh", "-e"), makeScript());
    }

    /// Removes this storage's bridges, with their translation, but for those of the given networks.
    static void removeUnused(Site site, Set<Subnet> used) throws IOException {
        var alias = alias(site);
        var kept = used.stream().map(subnet -> new Bridge(site, subnet).name()).collect(Collectors.toSet());
        try (var links = Files.newDirectoryStream(INTERFACES, "panal-*")) {
            for (var link : links) {
                var name = link.getFileName().toString();
                if (!kept.contains(name) && owner(name).filter(alias::equals).isPresent()) {
                    Command.script("the machines' network cannot be removed", List.of("/bin/sh"), removeScript(name));
                }
            }
        }
    }

    private static String alias(Site site) {
        return "panal machines in " + site.storage();
    }

    private static Optional<String> owner(String name) throws IOException {
        try {
            return Optional.of(Files.readString(INTERFACES.resolve(name).resolve("ifalias"))
                    .strip());
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    private void refuseOverlap() throws IOException {
        for (var networkInterface : NetworkInterface.networkInterfaces().toList()) {
            for (var address : networkInterface.getInterfaceAddresses()) {
                var prefix = address.getNetworkPrefixLength();
                if (address.getAddress() instanceof Inet4Address ipv4 && !ipv4.isLoopbackAddress()) {
                    var other = Address.parse(ipv4.getHostAddress());
                    if (subnet.contains(other)
                            || (prefix >= 8 && prefix <= 29 && subnet.overlaps(new Subnet(other, prefix)))) {
                        throw new MachineFailure(
                                "the network %s overlaps %s/%d of the host's %s. Choose another one with --cidr"
                                        .formatted(subnet.cidr(), other, prefix, networkInterface.getName()));
                    }
                }
            }
        }
    }

    private String makeScript() {
        return Forwarding.lock()
                + """
                nft -f - <<RULES
                table ip TABLE
                delete table ip TABLE
                table ip TABLE {
                    chain postrouting {
                        type nat hook postrouting priority srcnat; policy accept;
                        ip saddr NETWORK ip daddr != NETWORK masquerade
                    }
                }
                RULES
                FORWARDING
                # Another engine may have the host drop what is forwarded (Docker does): let the machines' packets through.
                case "$(iptables -w 5 -S FORWARD 2>/dev/null)" in
                "-P FORWARD DROP"*)
                    for way in -i -o; do
                        iptables -w 5 -C FORWARD $way BRIDGE -j ACCEPT 2>/dev/null ||
                            iptables -w 5 -I FORWARD $way BRIDGE -j ACCEPT
                    done ;;
                esac
                # The final name comes last: whoever sees it may rely on all of the above.
                ip link delete DRAFT 2>/dev/null || :
                ip link add DRAFT type bridge
                ip link set dev DRAFT alias ALIAS
                ip -batch - <<LINKS
                address add GATEWAY dev DRAFT
                link set dev DRAFT name BRIDGE
                link set dev BRIDGE up
                LINKS
                """.replace("FORWARDING\n", Forwarding.on())
                        .replace("TABLE", table(name()))
                        .replace("NETWORK", subnet.cidr())
                        .replace("GATEWAY", subnet.toString())
                        .replace("DRAFT", "panald" + subnet.network().hex())
                        .replace("BRIDGE", name())
                        .replace("ALIAS", Command.word(alias(site)));
    }

    /// The bridge goes last: as long as it is there, a removal that was cut off is found and repeated.
    private static String removeScript(String name) {
        return Forwarding.lock() + """
                case "$(iptables -w 5 -S FORWARD 2>/dev/null)" in
                *BRIDGE*) for way in -i -o; do iptables -w 5 -D FORWARD $way BRIDGE -j ACCEPT 2>/dev/null; done ;;
                esac
                nft delete table ip TABLE 2>/dev/null
                # Cables of machines that are down: the kernel takes its time.
                for cable in /sys/class/net/BRIDGE/brif/panal*; do
                    [ ! -e "$cable" ] || ip link delete "${cable##*/}" 2>/dev/null
                done
                ip link delete BRIDGE || exit 1
                """.replace("TABLE", table(name)).replace("BRIDGE", name) + Forwarding.back();
    }

    private static String table(String name) {
        return name.replace('-', '_');
    }
}
