package io.panal.node.dataplane;

import static io.panal.node.kernel.Expression.FIRST;
import static io.panal.node.kernel.Expression.host32;

import io.panal.node.kernel.Expression;
import io.panal.node.kernel.KernelException;
import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.NetworkNamespace;
import io.panal.node.kernel.Nftables;
import java.io.IOException;

/// How a task's answers find the node that the connection came through, once they carry its mark.
enum AnswerPath {
    /// One fixed rule writes the mark into the destination MAC. Needs the egress hook, Linux 5.16.
    HOOK,
    /// A routing rule and a route for each node, in each task.
    ROUTES;

    static final TableCheck.Table WHOLE = new TableCheck.Table(Nftables.Family.NETDEV, "panal_mesh");

    /// What this kernel can do, tried in a namespace that ends at once.
    static AnswerPath ofThisKernel() throws IOException {
        return NetworkNamespace.inPassing(() -> {
            try (Netlink netfilter = Netlink.netfilterHere()) {
                layHook(netfilter, "lo");
                return HOOK;
            } catch (KernelException unknown) {
                return ROUTES;
            }
        });
    }

    /// Writes the mark over the last four bytes of the destination MAC of what leaves by a device.
    static void layHook(Netlink netfilter, String device) throws IOException {
        Nftables direct = new Nftables(WHOLE.family(), WHOLE.name()).anew();
        direct.egressChain("leaving", device);
        direct.rule(
                "leaving",
                Expression.load(Expression.Meta.MARK, FIRST),
                Expression.notEqual(FIRST, host32(0)),
                Expression.store(Expression.Base.LINK, 2, 4, FIRST));
        direct.commit(netfilter);
    }
}
