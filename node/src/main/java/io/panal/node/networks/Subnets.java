package io.panal.node.networks;

import io.panal.node.dataplane.AddressPools;
import io.panal.node.dataplane.Cidr;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Chooses and checks the subnets of a network.
///
/// @param networks the subnets of all others of this host: none may overlap
/// @param host what its addresses and routes speak for: what is chosen here avoids it, what a user names need not
record Subnets(List<Cidr> networks, List<Cidr> host) {
    Subnets {
        networks = List.copyOf(networks);
        host = List.copyOf(host);
    }

    /// @param id of the network, from which a private IPv6 subnet is made when one is wanted and none named
    List<LocalNetwork.Subnet> choose(NetworkRequest request, String id) throws NetworkRefused {
        List<NetworkRequest.Subnet> ipv4 = new ArrayList<>();
        List<NetworkRequest.Subnet> ipv6 = new ArrayList<>();
        for (NetworkRequest.Subnet asked : request.subnets()) {
            Cidr whole = cidr(asked.subnet())
                    .orElseThrow(() -> NetworkRefused.invalid(
                            "Invalid subnet %s : invalid CIDR address: %s".formatted(asked.subnet(), asked.subnet())));
            (whole.isIpv6() ? ipv6 : ipv4).add(asked);
        }
        if (ipv4.size() > 1 || ipv6.size() > 1) {
            throw NetworkRefused.forbidden("bridge driver doesn't support multiple subnets");
        }
        List<LocalNetwork.Subnet> chosen = new ArrayList<>();
        chosen.add(ipv4.isEmpty() ? free() : checked(ipv4.getFirst()));
        if (request.kind().ipv6()) {
            chosen.add(ipv6.isEmpty() ? unique(id) : checked(ipv6.getFirst()));
        }
        return chosen;
    }

    private LocalNetwork.Subnet free() throws NetworkRefused {
        List<Cidr> taken = new ArrayList<>(networks);
        taken.addAll(host);
        Cidr found = AddressPools.free(taken)
                .orElseThrow(
                        () -> new NetworkRefused(
                                NetworkRefused.Reason.MISSING,
                                "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network"));
        return ofOurs(found);
    }

    /// A private subnet (RFC 4193) that no other host is likely to choose.
    private static LocalNetwork.Subnet unique(String id) {
        String text = "fd%s:%s:%s:%s::/64"
                .formatted(id.substring(0, 2), id.substring(2, 6), id.substring(6, 10), id.substring(10, 14));
        return ofOurs(Cidr.of(text).network());
    }

    private static LocalNetwork.Subnet ofOurs(Cidr subnet) {
        String gateway = Cidr.shown(subnet.after(subnet.address()));
        var told = new NetworkRequest.Subnet(subnet.toString(), "", gateway, Map.of());
        return new LocalNetwork.Subnet(subnet.toString(), subnet.toString(), gateway, false, told);
    }

    private LocalNetwork.Subnet checked(NetworkRequest.Subnet asked) throws NetworkRefused {
        Cidr whole = cidr(asked.subnet()).map(Cidr::network).orElseThrow();
        if (networks.stream().anyMatch(whole::overlaps)) {
            throw NetworkRefused.forbidden("Pool overlaps with other one on this address space");
        }
        Cidr part = asked.ipRange().isEmpty() ? whole : range(asked.ipRange(), whole);
        Set<InetAddress> auxiliary = auxiliary(asked, whole);
        String gateway = asked.gateway().isEmpty()
                ? Cidr.shown(Leases.firstFree(whole, part, auxiliary)
                        .orElseThrow(() -> new NetworkRefused(
                                NetworkRefused.Reason.FAILED,
                                "failed to allocate gateway (): No available addresses on this pool")))
                : gateway(asked.gateway(), whole, auxiliary);
        return new LocalNetwork.Subnet(whole.toString(), part.toString(), gateway, true, asked);
    }

    private static Cidr range(String text, Cidr whole) throws NetworkRefused {
        Cidr range = cidr(text)
                .map(Cidr::network)
                .orElseThrow(() ->
                        NetworkRefused.invalid("invalid ip-range %s: invalid CIDR block notation".formatted(text)));
        if (range.prefix() < whole.prefix() && range.overlaps(whole)) {
            throw NetworkRefused.invalid(
                    "invalid ip-range %s: CIDR block is bigger than its parent subnet %s".formatted(text, whole));
        }
        if (!whole.contains(range.address())) {
            throw NetworkRefused.invalid(
                    "invalid ip-range %s: parent subnet %s doesn't contain ip-range".formatted(text, whole));
        }
        return range;
    }

    private static Set<InetAddress> auxiliary(NetworkRequest.Subnet asked, Cidr whole) throws NetworkRefused {
        Set<InetAddress> addresses = new HashSet<>();
        for (var entry : asked.auxiliary().entrySet()) {
            Optional<InetAddress> address = BridgeOptions.address(entry.getValue());
            if (address.filter(whole::contains).isEmpty()) {
                throw NetworkRefused.forbidden("auxiliary address: (%s:%s) must belong to the master pool: %s"
                        .formatted(entry.getKey(), entry.getValue(), whole));
            }
            address.ifPresent(addresses::add);
        }
        return addresses;
    }

    private static String gateway(String text, Cidr whole, Set<InetAddress> auxiliary) throws NetworkRefused {
        InetAddress gateway = BridgeOptions.address(text)
                .orElseThrow(() ->
                        NetworkRefused.invalid("invalid gateway address %s in Ipam configuration".formatted(text)));
        if (!whole.contains(gateway)) {
            throw NetworkRefused.invalid(
                    "failed to allocate gateway (%s): Requested address is out of range".formatted(text));
        }
        if (auxiliary.contains(gateway) || !Leases.isHost(whole, gateway)) {
            throw NetworkRefused.invalid("failed to allocate gateway (%s): Address already in use".formatted(text));
        }
        return Cidr.shown(gateway);
    }

    private static Optional<Cidr> cidr(String text) {
        try {
            return Optional.of(Cidr.of(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
