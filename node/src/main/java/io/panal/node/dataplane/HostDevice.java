package io.panal.node.dataplane;

import io.panal.node.kernel.Links;
import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.Routes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// An interface of ours in a namespace: up, with its addresses and the routes to their networks.
///
/// @param where whose it is, as [Difference] names it
record HostDevice(String where, String name, List<Cidr> addresses) {
    static final String MISSING = "missing";

    HostDevice {
        addresses = List.copyOf(addresses);
    }

    /// What is there of the namespace's addresses and routes.
    record There(List<Routes.Held> addresses, List<Routes.Destination> routes) {
        static There of(Netlink route) throws IOException {
            return new There(Routes.addresses(route), Routes.destinations(route));
        }

        private boolean holds(Links.Link link, Cidr address) {
            return addresses.contains(new Routes.Held(link.index(), address.address(), address.prefix()));
        }

        private boolean leads(Links.Link link, Cidr network) {
            return routes.contains(
                    new Routes.Destination(link.index(), Optional.of(network.address()), network.prefix()));
        }
    }

    /// Makes the interface match.
    ///
    /// @return it; empty when it is not there
    Optional<Links.Link> match(Netlink route, There there, Findings findings) throws IOException {
        Optional<Links.Link> found = Links.find(route, name);
        if (found.isEmpty()) {
            return found;
        }
        Links.Link link = found.get();
        if (findings.mendsUnless(link.up(), where, "interface " + name, "down", Findings.UP)) {
            route.send(Links.up(link.index()));
        }
        for (Cidr address : addresses) {
            boolean held = there.holds(link, address);
            if (findings.mendsUnless(held, where, "address " + address + " of " + name, MISSING, Findings.PRESENT)) {
                route.send(Routes.address(link.index(), address.address(), address.prefix()));
            }
            if (link.up() && held) {
                matchRoute(route, link, address, there, findings);
            }
        }
        return found;
    }

    /// The kernel lays the route with an address on an interface that is up; only one that is gone alone is laid by us.
    private void matchRoute(Netlink route, Links.Link link, Cidr address, There there, Findings findings)
            throws IOException {
        if (address.isIpv6() || address.prefix() >= 31) {
            return;
        }
        Cidr network = address.network();
        if (findings.mendsUnless(
                there.leads(link, network), where, "route " + network + " of " + name, MISSING, Findings.PRESENT)) {
            route.send(Routes.connected(link.index(), address.address(), network.address(), network.prefix()));
        }
    }
}
