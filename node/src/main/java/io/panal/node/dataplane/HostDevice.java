package io.panal.node.dataplane;

import io.panal.node.kernel.Links;
import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.Routes;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// An interface of ours in a namespace: up, with its address and the route to its network.
///
/// @param where the namespace, as [Difference] names it
record HostDevice(String where, String name, Cidr address) {
    private static final String MISSING = "missing";

    /// What is there of the namespace's addresses and routes.
    record There(List<Routes.Held> addresses, List<Routes.Destination> routes) {
        static There of(Netlink route) throws IOException {
            return new There(Routes.addresses(route), Routes.destinations(route));
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
        boolean held = there.addresses().stream()
                .anyMatch(each -> each.link() == link.index()
                        && each.address().equals(address.address())
                        && each.prefix() == address.prefix());
        if (findings.mendsUnless(link.up(), where, "interface " + name, "down")) {
            route.send(Links.up(link.index()));
        }
        if (findings.mendsUnless(held, where, "address " + address + " of " + name, MISSING)) {
            route.send(Routes.address(link.index(), address.address(), address.prefix()));
        }
        if (link.up() && held) {
            matchRoute(route, link, there, findings);
        }
        return found;
    }

    /// The kernel lays the route with an address on an interface that is up; only one that is gone alone is laid by us.
    private void matchRoute(Netlink route, Links.Link link, There there, Findings findings) throws IOException {
        InetAddress network = address.network();
        if (network.getAddress().length != 4 || address.prefix() >= 31) {
            return;
        }
        boolean led = there.routes().stream()
                .anyMatch(each -> each.link() == link.index()
                        && each.network().equals(Optional.of(network))
                        && each.prefix() == address.prefix());
        String what = "route %s/%d of %s".formatted(network.getHostAddress(), address.prefix(), name);
        if (findings.mendsUnless(led, where, what, MISSING)) {
            route.send(Routes.connected(link.index(), address.address(), network, address.prefix()));
        }
    }
}
