package io.panal.node.networks;

import io.panal.node.dataplane.Cidr;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who has which address of which network. An owner has one or two in each.
final class Leases {
    private final Map<String, Map<String, List<Cidr>>> byOwner = new HashMap<>();

    /// What an owner has in a network.
    List<Cidr> of(String owner, String networkId) {
        return byOwner.getOrDefault(owner, Map.of()).getOrDefault(networkId, List.of());
    }

    /// Who has any in a network.
    Set<String> owners(String networkId) {
        Set<String> owners = new HashSet<>();
        byOwner.forEach((owner, leases) -> {
            if (leases.containsKey(networkId)) {
                owners.add(owner);
            }
        });
        return owners;
    }

    void keep(String owner, String networkId, List<Cidr> addresses) {
        byOwner.computeIfAbsent(owner, _ -> new HashMap<>()).put(networkId, List.copyOf(addresses));
    }

    void release(String owner) {
        byOwner.remove(owner);
    }

    /// All that an owner has in these networks.
    void releaseThese(String owner, Set<String> networkIds) {
        byOwner.getOrDefault(owner, new HashMap<>()).keySet().removeAll(networkIds);
    }

    /// All that an owner has in other networks than these.
    void releaseOthers(String owner, Set<String> networkIds) {
        byOwner.getOrDefault(owner, new HashMap<>()).keySet().retainAll(networkIds);
    }

    /// Gives an owner its addresses in a network: those it asks for, and where it asks for none the lowest that are
    /// free. Asked again, an owner is given what it has.
    List<Cidr> give(String owner, LocalNetwork network, AddressWish wish) throws NetworkRefused {
        List<Cidr> has = of(owner, network.id());
        if (!has.isEmpty()) {
            return has;
        }
        Set<InetAddress> used = used(network);
        List<Cidr> given = new ArrayList<>();
        for (LocalNetwork.Subnet subnet : network.subnets()) {
            String asked = subnet.whole().isIpv6() ? wish.ipv6() : wish.ipv4();
            InetAddress address = asked.isEmpty() ? lowest(network, subnet, used) : chosen(subnet, asked, used);
            given.add(new Cidr(address, subnet.whole().prefix()));
        }
        for (String own : wish.linkLocal()) {
            InetAddress address = BridgeOptions.address(own)
                    .orElseThrow(() -> NetworkRefused.invalid("invalid link-local IP address: " + own));
            given.add(new Cidr(address, address.getAddress().length == 4 ? 16 : 64));
        }
        keep(owner, network.id(), given);
        return given;
    }

    private Set<InetAddress> used(LocalNetwork network) {
        Set<InetAddress> used = new HashSet<>();
        for (Map<String, List<Cidr>> leases : byOwner.values()) {
            leases.getOrDefault(network.id(), List.of()).forEach(own -> used.add(own.address()));
        }
        for (LocalNetwork.Subnet subnet : network.subnets()) {
            used.add(subnet.bridge());
            subnet.told()
                    .auxiliary()
                    .values()
                    .forEach(text -> BridgeOptions.address(text).ifPresent(used::add));
        }
        return used;
    }

    private static InetAddress lowest(LocalNetwork network, LocalNetwork.Subnet subnet, Set<InetAddress> used)
            throws NetworkRefused {
        return firstFree(subnet.whole(), subnet.part(), used)
                .orElseThrow(() -> new NetworkRefused(
                        NetworkRefused.Reason.FAILED,
                        "no available IPv%s addresses on this network's address pools: %s (%s)"
                                .formatted(subnet.whole().isIpv6() ? "6" : "4", network.name(), network.id())));
    }

    private static InetAddress chosen(LocalNetwork.Subnet subnet, String asked, Set<InetAddress> used)
            throws NetworkRefused {
        InetAddress address = BridgeOptions.address(asked)
                .filter(subnet.whole()::contains)
                .orElseThrow(() -> NetworkRefused.invalid(
                        "Invalid address %s: It does not belong to any of this network's subnets".formatted(asked)));
        if (used.contains(address) || !isHost(subnet.whole(), address)) {
            throw NetworkRefused.forbidden("Address already in use");
        }
        return address;
    }

    /// The lowest address of a part of a subnet that nobody has.
    static Optional<InetAddress> firstFree(Cidr whole, Cidr part, Set<InetAddress> used) {
        InetAddress last = part.last();
        InetAddress candidate = part.network().address();
        while (used.contains(candidate) || !isHost(whole, candidate)) {
            if (candidate.equals(last)) {
                return Optional.empty();
            }
            candidate = part.after(candidate);
        }
        return Optional.of(candidate);
    }

    /// Neither the subnet's own address nor its broadcast address.
    static boolean isHost(Cidr whole, InetAddress address) {
        return !address.equals(whole.network().address()) && (whole.isIpv6() || !address.equals(whole.last()));
    }
}
