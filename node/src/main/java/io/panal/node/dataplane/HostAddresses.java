package io.panal.node.dataplane;

import io.panal.node.kernel.Links;
import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.Routes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What of all addresses is spoken for on a host: its own, and those its routes lead to.
public final class HostAddresses {
    private static final Set<String> OWN = Set.of("lo", HostTable.INGRESS);

    private HostAddresses() {}

    /// What others than the swarm have of IPv4 on this host, as `192.168.1.0/24`: not the networks that its own
    /// devices lead to.
    public static List<String> ofOthers() throws IOException {
        try (Netlink here = Netlink.routeHere()) {
            Set<Integer> own = Links.list(here).stream()
                    .filter(link -> OWN.contains(link.name()))
                    .map(Links.Link::index)
                    .collect(Collectors.toSet());
            Stream<Cidr> addresses = Routes.addresses(here).stream()
                    .filter(held -> !own.contains(held.link()))
                    .map(held -> new Cidr(held.address(), held.prefix()).network());
            Stream<Cidr> routes = Routes.destinations(here).stream()
                    .filter(route -> route.prefix() > 0 && !own.contains(route.link()))
                    .flatMap(route -> route.network().map(to -> new Cidr(to, route.prefix())).stream());
            return Stream.concat(addresses, routes)
                    .filter(subnet -> !subnet.isIpv6())
                    .map(Cidr::toString)
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

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
