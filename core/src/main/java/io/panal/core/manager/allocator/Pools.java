package io.panal.core.manager.allocator;

import io.panal.core.model.Cluster;
import io.panal.core.model.Network;
import io.panal.core.model.Network.Allocation;
import io.panal.core.model.Node;
import io.panal.core.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Subnets and VXLAN ids that are free.
public final class Pools {
    /// The option that wants a certain VXLAN id.
    public static final String VXLAN_OPTION = "com.docker.network.driver.overlay.vxlanid_list";

    private static final int FIRST_VXLAN_ID = 4096;
    private static final int DEFAULT_BITS = 24;
    private static final String DEFAULT_POOL = "10.0.0.0/8";
    private static final int PRIVATE_BITS = 64;
    private static final long PRIVATE = 0xFD00_0000_0000_0000L;

    private Pools() {}

    /// @return empty when every pool is used up
    static Optional<Allocation> allocation(Network network, View view) {
        int vxlanId = vxlanId(network, view);
        List<Network.Subnet> asked = network.spec().ipam().map(Network.Ipam::config).orElse(List.of()).stream()
                .filter(subnet -> !subnet.subnet().isEmpty())
                .toList();
        List<Network.Subnet> ipv4 = asked.stream()
                .filter(subnet -> Subnet.parse(subnet.subnet()).isPresent())
                .map(Pools::withGateway)
                .toList();
        List<Network.Subnet> given = new ArrayList<>(ipv4);
        if (ipv4.isEmpty()) {
            free(view)
                    .map(subnet -> withGateway(Network.Subnet.of(subnet.toString(), "", "")))
                    .ifPresent(given::add);
        }
        if (given.isEmpty()) {
            return Optional.empty();
        }
        if (network.spec().enableIpv6()) {
            List<Network.Subnet> ipv6 = asked.stream()
                    .filter(subnet -> Ipv6Subnet.parse(subnet.subnet()).isPresent())
                    .toList();
            given.addAll(
                    ipv6.isEmpty()
                            ? List.of(Network.Subnet.of(ofOurs(vxlanId, view).toString(), "", ""))
                            : ipv6);
        }
        return Optional.of(new Allocation(vxlanId, given));
    }

    /// The first address that nobody else is to have, as Docker chooses it.
    private static Network.Subnet withGateway(Network.Subnet asked) {
        Optional<Subnet> whole = Subnet.parse(asked.subnet());
        if (!asked.gateway().isEmpty() || whole.isEmpty()) {
            return asked;
        }
        Subnet pool = Subnet.parse(asked.ipRange()).orElse(whole.get());
        List<Long> kept = asked.auxiliaryAddresses().values().stream()
                .flatMap(text -> Subnet.address(text).stream())
                .toList();
        long gateway = Math.max(pool.base(), whole.get().base() + 1);
        while (kept.contains(gateway)) {
            gateway++;
        }
        return new Network.Subnet(asked.subnet(), asked.ipRange(), Subnet.text(gateway), asked.auxiliaryAddresses());
    }

    private static int vxlanId(Network network, View view) {
        NavigableMap<Integer, Network> taken = vxlanIds(view);
        String wanted = network.spec().options().getOrDefault(VXLAN_OPTION, "");
        if (!wanted.isEmpty()) {
            return Integer.parseInt(wanted);
        }
        int id = FIRST_VXLAN_ID;
        while (taken.containsKey(id)) {
            id++;
        }
        return id;
    }

    /// Those that are given, and those that networks without one yet will be given because they name them.
    public static NavigableMap<Integer, Network> vxlanIds(View view) {
        NavigableMap<Integer, Network> taken = new TreeMap<>();
        for (Network network : view.networks().all()) {
            String wanted = network.spec().options().getOrDefault(VXLAN_OPTION, "");
            if (!wanted.isEmpty()) {
                taken.put(Integer.parseInt(wanted), network);
            }
            network.allocation().ifPresent(own -> taken.put(own.vxlanId(), network));
        }
        return taken;
    }

    /// The subnets of all networks: those given, and those asked for where none is given yet.
    ///
    /// @param departing whether those count that their user has removed
    public static List<String> subnets(View view, boolean departing) {
        return view.networks().all().stream()
                .filter(network -> departing || !network.departing())
                .flatMap(network -> network
                        .allocation()
                        .map(Allocation::subnets)
                        .or(() -> network.spec().ipam().map(Network.Ipam::config))
                        .orElse(List.of())
                        .stream())
                .map(Network.Subnet::subnet)
                .toList();
    }

    /// The first that overlaps neither another network nor what the nodes have addresses in and routes to. Where all
    /// of the pools is routed by some node, as 10.0.0.0/8 may be, only the nodes' own addresses are avoided.
    private static Optional<Subnet> free(View view) {
        List<Subnet> taken = new ArrayList<>(parsed(subnets(view, true).stream()));
        taken.addAll(
                parsed(view.nodes().all().stream().map(node -> node.status().addr())));
        List<Subnet> routed = new ArrayList<>(taken);
        routed.addAll(parsed(view.nodes().all().stream()
                .flatMap(node -> node.description().stream())
                .map(Node.Description::hostSubnets)
                .flatMap(List::stream)));
        return within(pools(view), bits(view), routed).or(() -> within(pools(view), bits(view), taken));
    }

    private static List<Subnet> parsed(Stream<String> texts) {
        return texts.flatMap(text -> Subnet.parse(text).stream()).toList();
    }

    private static List<Subnet> pools(View view) {
        List<String> named = view.cluster()
                .map(Cluster::addressing)
                .map(Cluster.Addressing::defaultAddrPool)
                .filter(pools -> !pools.isEmpty())
                .orElse(List.of(DEFAULT_POOL));
        return parsed(named.stream());
    }

    private static int bits(View view) {
        return view.cluster()
                .map(cluster -> cluster.addressing().subnetSize())
                .filter(size -> size > 0)
                .orElse(DEFAULT_BITS);
    }

    private static Optional<Subnet> within(List<Subnet> pools, int bits, List<Subnet> taken) {
        long step = 1L << (32 - bits);
        for (Subnet pool : pools) {
            for (long base = pool.base(); base + step <= pool.base() + pool.size(); base += step) {
                Subnet candidate = new Subnet(base, bits);
                if (!candidate.overlapsAny(taken)) {
                    return Optional.of(candidate);
                }
            }
        }
        return Optional.empty();
    }

    /// A private subnet (RFC 4193): of the swarm, then of the network.
    private static Ipv6Subnet ofOurs(int vxlanId, View view) {
        List<Ipv6Subnet> taken = subnets(view, true).stream()
                .flatMap(text -> Ipv6Subnet.parse(text).stream())
                .toList();
        long swarm =
                view.cluster().map(cluster -> cluster.id().value()).orElse("").hashCode() & 0xFFFF_FFFFL;
        long number = vxlanId;
        while (true) {
            Ipv6Subnet candidate = new Ipv6Subnet(PRIVATE | swarm << 24 | (number & 0xFF_FFFFL), 0, PRIVATE_BITS);
            if (taken.stream().noneMatch(candidate::overlaps)) {
                return candidate;
            }
            number++;
        }
    }
}
