package io.panal.node.dataplane;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The subnets that bridges of a host are given when nobody names one; Docker's (20.10), in its order.
public final class AddressPools {
    private AddressPools() {}

    /// 172.17.0.0/16 to 172.31.0.0/16, then the sixteen /20 of 192.168.0.0/16.
    ///
    /// @param second where the large ones begin, as 17
    private static List<Cidr> from(int second) {
        Stream<String> large = IntStream.rangeClosed(second, 31).mapToObj(each -> "172." + each + ".0.0/16");
        Stream<String> small = IntStream.range(0, 16).mapToObj(block -> "192.168." + 16 * block + ".0/20");
        return Stream.concat(large, small).map(Cidr::of).toList();
    }

    /// The first that overlaps none of those in use.
    public static Optional<Cidr> free(List<Cidr> taken) {
        return free(17, taken);
    }

    /// Leaves 172.17.0.0/16 to the network of single containers.
    static Optional<Cidr> freeForGateway(List<Cidr> taken) {
        return free(18, taken);
    }

    private static Optional<Cidr> free(int second, List<Cidr> taken) {
        return from(second).stream()
                .filter(candidate -> taken.stream().noneMatch(candidate::overlaps))
                .findFirst();
    }
}
