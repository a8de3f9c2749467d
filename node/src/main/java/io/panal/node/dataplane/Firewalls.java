package io.panal.node.dataplane;

import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.Nftables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Other programs' firewalls on the way of forwarded packets.
final class Firewalls {
    private Firewalls() {}

    /// Those that drop what we forward, each as a sentence with the command that lets it pass.
    ///
    /// An accept in our table does not override another table's drop: only a rule in that one does.
    ///
    /// @param devices whose packets are forwarded
    static List<String> problems(Netlink netlink, List<String> devices) throws IOException {
        List<String> found = new ArrayList<>();
        for (Nftables.DroppingChain chain : Nftables.droppingForward(netlink)) {
            List<String> unknown = new ArrayList<>();
            for (String device : devices) {
                if (!Nftables.mentions(netlink, chain, device)) {
                    unknown.add(device);
                }
            }
            if (!unknown.isEmpty()) {
                found.add(("the firewall's chain %s of table %s on this node drops forwarded packets, so published "
                                + "ports and the way outside of containers do not work: run `%s`")
                        .formatted(chain.chain(), chain.table(), command(chain, unknown)));
            }
        }
        return found;
    }

    private static String command(Nftables.DroppingChain chain, List<String> devices) {
        List<String> commands = new ArrayList<>();
        for (String device : devices) {
            if (chain.chain().equals("FORWARD") && chain.table().equals("filter")) {
                commands.add("iptables -I FORWARD -i %s -j ACCEPT".formatted(device));
                commands.add("iptables -I FORWARD -o %s -j ACCEPT".formatted(device));
            } else {
                String insert = "nft insert rule %s %s %s".formatted(chain.family(), chain.table(), chain.chain());
                commands.add("%s iifname %s accept".formatted(insert, device));
                commands.add("%s oifname %s accept".formatted(insert, device));
            }
        }
        return String.join("; ", commands);
    }
}
