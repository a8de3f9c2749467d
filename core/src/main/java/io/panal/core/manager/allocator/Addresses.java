package io.panal.core.manager.allocator;

import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.store.View;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Which addresses are taken, made from what lives: services, tasks that have not ended, nodes.
final class Addresses {
    /// The addresses of one subnet of a network.
    private static final class Range {
        private final Subnet subnet;
        private final Subnet pool;
        private final BitSet taken = new BitSet();
        private int next;

        Range(Subnet subnet, Subnet pool) {
            this.subnet = subnet;
            this.pool = subnet.contains(pool.base()) && pool.bits() >= subnet.bits() ? pool : subnet;
        }

        void take(long address) {
            if (pool.contains(address)) {
                int offset = (int) (address - pool.base());
                taken.set(offset);
                next = Math.max(next, offset + 1);
            }
        }

        void free(long address) {
            if (pool.contains(address)) {
                taken.clear((int) (address - pool.base()));
            }
        }

        /// The next one after the last given, so that an address freed just now is not used again at once.
        Optional<Long> give() {
            long broadcast = subnet.base() + subnet.size() - 1;
            int size = (int) (Math.min(pool.base() + pool.size(), broadcast) - pool.base());
            for (int from : new int[] {next, 0}) {
                int offset = taken.nextClearBit(from);
                if (offset < size) {
                    taken.set(offset);
                    next = offset + 1;
                    return Optional.of(pool.base() + offset);
                }
            }
            return Optional.empty();
        }
    }

    private final NavigableMap<Id<Network>, List<Range>> ranges = new TreeMap<>();

    Addresses(View view) {
        view.networks().all().forEach(this::open);
        for (Service service : view.services().all()) {
            for (Service.VirtualIp vip : service.endpoint().virtualIps()) {
                take(vip.networkId(), vip.addr());
            }
        }
        for (Task task : view.tasks().all()) {
            if (!task.isEnded()) {
                task.networksAttachments().forEach(this::take);
            }
        }
        for (Node node : view.nodes().all()) {
            node.attachments().forEach(this::take);
        }
    }

    /// A network that has its subnets. First, last and gateway address are nobody's.
    void open(Network network) {
        List<Range> own = network.allocation().map(Network.Allocation::subnets).orElse(List.of()).stream()
                .flatMap(given -> Subnet.parse(given.subnet()).stream().map(subnet -> {
                    Subnet pool = Subnet.parse(given.ipRange()).orElse(subnet);
                    Range range = new Range(subnet, pool);
                    range.take(subnet.base());
                    Subnet.address(given.gateway()).ifPresent(range::take);
                    return range;
                }))
                .toList();
        ranges.put(network.id(), own);
    }

    private void take(Task.Attachment attachment) {
        attachment.addresses().forEach(address -> take(attachment.network(), address));
    }

    private void take(Id<Network> network, String address) {
        Subnet.address(address)
                .ifPresent(number -> ranges.getOrDefault(network, List.of()).forEach(range -> range.take(number)));
    }

    /// A free address with its prefix length; empty when the network is full, or has no subnet yet.
    Optional<String> give(Id<Network> network) {
        for (Range range : ranges.getOrDefault(network, List.of())) {
            Optional<Long> given = range.give();
            if (given.isPresent()) {
                return given.map(address -> Subnet.text(address) + "/" + range.subnet.bits());
            }
        }
        return Optional.empty();
    }

    void giveBack(Task.Attachment attachment) {
        for (String address : attachment.addresses()) {
            Subnet.address(address)
                    .ifPresent(number ->
                            ranges.getOrDefault(attachment.network(), List.of()).forEach(range -> range.free(number)));
        }
    }

    /// How many addresses a network has in all, for the message that it is full.
    long capacity(Id<Network> network) {
        return ranges.getOrDefault(network, List.of()).stream()
                .mapToLong(range -> Math.max(0, range.pool.size() - 3))
                .sum();
    }
}
