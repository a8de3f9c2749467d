package io.panal.node.dataplane;

import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.Routes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What of all addresses is spoken for on a host: its own, and those its routes lead to.
final class HostAddresses {
    private HostAddresses() {}

    /// A list of the caller's own.
    static List<Cidr> inUse(Netlink host) throws IOException {
        List<Cidr> taken = new ArrayList<>();
        Routes.addresses(host).forEach(held -> taken.add(new Cidr(held.address(), held.prefix())));
        Routes.destinations(host)
                .forEach(destination -> destination
                        .network()
                        .filter(_ -> destination.prefix() > 0)
                        .ifPresent(network -> taken.add(new Cidr(network, destination.prefix()))));
        return taken;
    }
}
