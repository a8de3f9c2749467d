package io.panal.machines.host;

/// Whether the host hands on packets of others: switched on with the first network of machines, and back with the last,
/// of whichever storage, unless something else on the host has come to need it.
final class Forwarding {
    /// The value found, which the host's own programs may read too; gone after a reboot, like the setting.
    private static final String FOUND = "/run/panal-ip-forward";

    private static final String SETTING = "/proc/sys/net/ipv4/ip_forward";

    private Forwarding() {}

    /// Shell lines to begin a script with, so that a network made at this moment is seen: they lock until it ends.
    static String lock() {
        return """
                exec 8</run
                flock -w 60 8
                """;
    }

    /// Shell lines that switch it on.
    static String on() {
        return """
                if [ "$(cat SETTING)" != 1 ]; then
                    cat SETTING >FOUND
                    echo 1 >SETTING
                fi
                """.replace("SETTING", SETTING).replace("FOUND", FOUND);
    }

    /// Shell lines that put back what was found, unless there is another bridge, tunnel or cable: those
    /// forward too. The cable of a default route is this host's own way out, when it is a container itself.
    static String back() {
        return """
                if [ -e FOUND ]; then
                    out=$(ip -o route show default | sed -n 's/.* dev \\([^ ]*\\).*/ \\1[@:]/p' | tr '\\n' '|')
                    others=$({
                        for kind in bridge tun wireguard vxlan; do ip -o link show type $kind 2>/dev/null; done
                        ip -o link show type veth | grep -v -E "${out}^[0-9]+: panal[0-9a-f]{8}@"
                    } || :)
                    if [ -z "$others" ]; then
                        cat FOUND >SETTING
                        rm -f FOUND
                    fi
                fi
                """.replace("SETTING", SETTING).replace("FOUND", FOUND);
    }
}
