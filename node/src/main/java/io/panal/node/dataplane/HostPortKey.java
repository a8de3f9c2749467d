package io.panal.node.dataplane;

import io.panal.node.kernel.Expression;
import io.panal.node.kernel.Nftables;
import io.panal.node.kernel.Protocol;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/// A port of this node.
///
/// @param port 1 to 65,535
/// @param address in IPv4, for a port of that address alone; empty for all of this node's
record HostPortKey(Protocol protocol, int port, String address) implements Comparable<HostPortKey> {
    private static final Comparator<HostPortKey> ORDER = Comparator.comparing(HostPortKey::protocol)
            .thenComparingInt(HostPortKey::port)
            .thenComparing(HostPortKey::address);

    /// @param protocol as Docker spells it
    /// @return empty for one that is not carried here, as `sctp`
    static Optional<HostPortKey> of(String protocol, int port) {
        return Stream.of(Protocol.values())
                .filter(each -> each.word().equals(protocol))
                .map(each -> new HostPortKey(each, port, ""))
                .findFirst();
    }

    /// What a task's port takes of this node.
    static Optional<HostPortKey> of(TaskNetwork.HostPort port) {
        return of(port.protocol(), port.publishedPort())
                .map(key -> new HostPortKey(key.protocol, key.port, port.address()));
    }

    boolean isOfOneAddress() {
        return !address.isEmpty();
    }

    /// As the key of a map `protocol . port`, or, of one address, `address . protocol . port`.
    byte[] asKey() {
        byte[] key = Nftables.joined(new byte[] {protocol.number()}, Expression.port(port));
        return isOfOneAddress() ? Nftables.joined(InetAddress.ofLiteral(address).getAddress(), key) : key;
    }

    @Override
    public int compareTo(HostPortKey other) {
        return ORDER.compare(this, other);
    }
}
