package io.panal.node.dataplane;

import io.panal.node.kernel.Links;
import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.NetworkNamespace;
import io.panal.node.kernel.Nftables;
import io.panal.node.kernel.TableContent;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/// Compares nf_tables tables with what we would write now.
///
/// The wanted one is written by the same code into an empty namespace, which the open sockets keep: what
/// the kernel makes of it is known to the kernel alone.
final class TableCheck implements Closeable {
    /// What is wanted of a table.
    static final String AS_WRITTEN = "as this node writes it";

    private static final int MTU = 1500;

    private Optional<Netlink> blank = Optional.empty();

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
    Optional<String> difference(Netlink netfilter, Table table, Writer writer) throws IOException {
        Optional<TableContent> real = TableContent.read(netfilter, table.family(), table.name());
        if (real.isEmpty()) {
            return Optional.of("missing");
        }
        Netlink passing = blank();
        writer.write(passing);
        TableContent wanted = TableContent.read(passing, table.family(), table.name())
                .orElseThrow(() -> new IOException("the kernel kept nothing of table " + table.name()));
        new Nftables(table.family(), table.name()).removed().commit(passing);
        String differences = Findings.summary(real.get().differencesFrom(wanted));
        return differences.isEmpty() ? Optional.empty() : Optional.of(differences);
    }

    private Netlink blank() throws IOException {
        if (blank.isEmpty()) {
            blank = Optional.of(NetworkNamespace.inPassing(() -> {
                try (Netlink route = Netlink.routeHere()) {
                    // A chain for what leaves by a device needs that device.
                    route.send(Links.bridge(TaskNamespace.INGRESS_DEVICE, MTU));
                }
                return Netlink.netfilterHere();
            }));
        }
        return blank.get();
    }

    @Override
    public void close() throws IOException {
        if (blank.isPresent()) {
            blank.get().close();
        }
    }
}
