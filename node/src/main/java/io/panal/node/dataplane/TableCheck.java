package io.panal.node.dataplane;

import io.panal.node.kernel.Links;
import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.NetworkNamespace;
import io.panal.node.kernel.Nftables;
import io.panal.node.kernel.TableContent;
import java.io.IOException;
import java.util.Optional;

/// Compares an nf_tables table with what we would write now.
///
/// The wanted one is written by the same code into a namespace that ends at once: what the kernel makes of it is known
/// to the kernel alone.
final class TableCheck {
    private static final int MTU = 1500;

    private TableCheck() {}

    /// Which table.
    record Table(Nftables.Family family, String name) {
        /// As users know it.
        String shown() {
            return "nftables table " + family.word() + " " + name;
        }
    }

    /// Writes a table, whole.
    @FunctionalInterface
    interface Writer {
        void write(Netlink netfilter) throws IOException;
    }

    /// @return what differs, in words; empty when nothing does
    static Optional<String> difference(Netlink netfilter, Table table, Writer writer) throws IOException {
        Optional<TableContent> real = TableContent.read(netfilter, table.family(), table.name());
        if (real.isEmpty()) {
            return Optional.of("missing");
        }
        TableContent wanted = NetworkNamespace.inPassing(() -> {
            try (Netlink route = Netlink.routeHere();
                    Netlink passing = Netlink.netfilterHere()) {
                // A chain for what leaves by a device needs that device.
                route.send(Links.bridge(TaskNamespace.INGRESS_DEVICE, MTU));
                writer.write(passing);
                return TableContent.read(passing, table.family(), table.name())
                        .orElseThrow(() -> new IOException("the kernel kept nothing of table " + table.name()));
            }
        });
        String differences = Findings.summary(real.get().differencesFrom(wanted));
        return differences.isEmpty() ? Optional.empty() : Optional.of(differences);
    }
}
