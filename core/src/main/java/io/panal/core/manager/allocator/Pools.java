package io.panal.core.manager.allocator;

import io.panal.core.model.Network;
import io.panal.core.model.Network.Allocation;
import io.panal.core.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/// Subnets and VXLAN ids that are free.
final class Pools {
    private static final int FIRST_VXLAN_ID = 4096;
    private static final int DEFAULT_BITS = 24;
    private static final String DEFAULT_POOL = "10.0.0.0/8";

    private Pools() {}

    /// @return empty when every pool is used up
    static Optional<Allocation> allocation(Network network, View view) {
        List<Network.Subnet> asked = network.spec().ipam().map(Network.Ipam::config).orElse(List.of()).stream()
                .filter(subnet -> !subnet.subnet().isEmpty())
                .map(Pools::withGateway)
                .toList();
        if (!asked.isEmpty()) {
            return Optional.of(new Allocation(vxlanId(view), asked));
        }
        return free(view)
                .map(subnet -> new Allocation(
                        vxlanId(view), List.of(withGateway(new Network.Subnet(subnet.toString(), "", "")))));
    }

    private static Network.Subnet withGateway(Network.Subnet asked) {
        return asked.gateway().isEmpty()
                ? Subnet.parse(asked.subnet())
                        .map(subnet ->
                                new Network.Subnet(asked.subnet(), asked.ipRange(), Subnet.text(subnet.base() + 1)))
                        .orElse(asked)
                : asked;
    }

    private static int vxlanId(View view) {
        NavigableSet<Integer> taken = new TreeSet<>();
        view.networks().all().forEach(network -> network.allocation().ifPresent(own -> taken.add(own.vxlanId())));
        int id = FIRST_VXLAN_ID;
        while (taken.contains(id)) {
            id++;
        }
        return id;
    }

    /// The first that overlaps neither another network nor a node's own address.
    private static Optional<Subnet> free(View view) {
        List<Subnet> taken = new ArrayList<>();
        view.networks()
                .all()
                .forEach(network -> network.allocation()
                        .ifPresent(own -> own.subnets()
                                .forEach(subnet -> Subnet.parse(subnet.subnet()).ifPresent(taken::add))));
        view.nodes().all().forEach(node -> Subnet.parse(node.status().addr()).ifPresent(taken::add));
        var addressing = view.cluster().map(cluster -> cluster.addressing());
        List<String> named = addressing.map(own -> own.defaultAddrPool()).orElse(List.of());
        int bits =
                addressing.map(own -> own.subnetSize()).filter(size -> size > 0).orElse(DEFAULT_BITS);
        for (String text : named.isEmpty() ? List.of(DEFAULT_POOL) : named) {
            Optional<Subnet> pool = Subnet.parse(text);
            Optional<Subnet> found = pool.flatMap(range -> within(range, bits, taken));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<Subnet> within(Subnet pool, int bits, List<Subnet> taken) {
        long step = 1L << (32 - bits);
        for (long base = pool.base(); base + step <= pool.base() + pool.size(); base += step) {
            Subnet candidate = new Subnet(base, bits);
            if (!candidate.overlapsAny(taken)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
