package io.panal.core.manager.allocator;

import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.store.View;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Which addresses are taken, made from what lives: services, tasks that have not ended, nodes.
final class Addresses {
    /// The addresses of one subnet of a network.
    private static final class Range {
        private final Subnet subnet;
        private final Subnet pool;
        private final BitSet taken = new BitSet();
        private int reserved;
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

        /// Nobody is ever given that address.
        void reserve(long address) {
            if (pool.contains(address) && !taken.get((int) (address - pool.base()))) {
                taken.set((int) (address - pool.base()));
                reserved++;
            }
        }

        long capacity() {
            return pool.size() - reserved;
        }

        long given() {
            return (long) taken.cardinality() - reserved;
        }

        void free(long address) {
            if (pool.contains(address)) {
                taken.clear((int) (address - pool.base()));
            }
        }

        /// @return false when it is not free, or none of these
        boolean giveThis(long address) {
            if (!pool.contains(address) || taken.get((int) (address - pool.base()))) {
                return false;
            }
            take(address);
            return true;
        }

        /// The next one after the last given, so that an address freed just now is not used again at once.
        Optional<Long> give() {
            int size = (int) pool.size();
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
    private final NavigableMap<Id<Network>, List<Ipv6Subnet>> ipv6 = new TreeMap<>();

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
        view.guests().all().forEach(guest -> take(guest.attachment()));
        for (Node node : view.nodes().all()) {
            node.attachments().forEach(this::take);
        }
    }

    /// A network that has its subnets. First, last, gateway and auxiliary addresses are nobody's.
    void open(Network network) {
        List<Network.Subnet> subnets =
                network.allocation().map(Network.Allocation::subnets).orElse(List.of());
        List<Range> own = subnets.stream()
                .flatMap(given -> Subnet.parse(given.subnet()).stream().map(subnet -> range(given, subnet)))
                .toList();
        List<Ipv6Subnet> wide = subnets.stream()
                .flatMap(given -> Ipv6Subnet.parse(given.subnet()).stream())
                .toList();
        for (Network.Subnet given : subnets) {
            for (Ipv6Subnet ipv6 : wide) {
                kept(given)
                        .flatMap(text -> ipv6.ipv4Of(text).stream())
                        .forEach(number -> own.forEach(range -> range.reserve(number)));
            }
        }
        ranges.put(network.id(), own);
        ipv6.put(network.id(), wide);
    }

    private static Range range(Network.Subnet given, Subnet subnet) {
        Range range = new Range(subnet, Subnet.parse(given.ipRange()).orElse(subnet));
        range.reserve(subnet.base());
        range.reserve(subnet.base() + subnet.size() - 1);
        kept(given).flatMap(text -> Subnet.address(text).stream()).forEach(range::reserve);
        return range;
    }

    private static Stream<String> kept(Network.Subnet given) {
        return Stream.concat(Stream.of(given.gateway()), given.auxiliaryAddresses().values().stream());
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

    /// An address that is asked for, as [#giveAll] gives one.
    ///
    /// @return empty when it is taken, or is not one that this network gives
    Optional<List<String>> giveThis(Id<Network> network, String asked) {
        for (Range range : ranges.getOrDefault(network, List.of())) {
            Optional<Long> number = Subnet.address(asked).filter(range::giveThis);
            if (number.isPresent()) {
                return Optional.of(all(network, Subnet.text(number.get()) + "/" + range.subnet.bits()));
            }
        }
        return Optional.empty();
    }

    /// A free address of each family that the network has, with prefix lengths, that of IPv4 first.
    ///
    /// @return empty as [#give]
    Optional<List<String>> giveAll(Id<Network> network) {
        return give(network).map(given -> all(network, given));
    }

    private List<String> all(Id<Network> network, String given) {
        List<String> all = new ArrayList<>(List.of(given));
        for (Ipv6Subnet wide : ipv6.getOrDefault(network, List.of())) {
            Subnet.address(given).ifPresent(number -> all.add(wide.addressOf(number) + "/" + wide.bits()));
        }
        return all;
    }

    /// How many of a network's addresses are in use, for the message that it is full.
    String use(Id<Network> network) {
        List<Range> own = ranges.getOrDefault(network, List.of());
        return "%d of %d are in use"
                .formatted(
                        own.stream().mapToLong(Range::given).sum(),
                        own.stream().mapToLong(Range::capacity).sum());
    }
}
