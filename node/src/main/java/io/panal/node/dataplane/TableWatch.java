package io.panal.node.dataplane;

import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.Nftables;
import java.io.IOException;

/// Whether somebody else changed the nf_tables of a namespace: the kernel counts all changes, we count ours.
final class TableWatch {
    private final Netlink netfilter;
    private int generation;
    private int batches;
    private boolean touched;

    /// @param touched whether they may have been changed before
    TableWatch(Netlink netfilter, boolean touched) throws IOException {
        this.netfilter = netfilter;
        this.touched = touched;
        batches = netfilter.batches();
        generation = Nftables.generation(netfilter);
    }

    /// Stays true until [#looked].
    boolean isTouched() throws IOException {
        int now = Nftables.generation(netfilter);
        int ours = netfilter.batches();
        touched |= now - generation != ours - batches;
        generation = now;
        batches = ours;
        return touched;
    }

    /// They were compared.
    void looked() {
        touched = false;
    }
}
