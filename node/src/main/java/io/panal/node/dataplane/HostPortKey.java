package io.panal.node.dataplane;

import io.panal.node.kernel.Expression;
import io.panal.node.kernel.Nftables;
import io.panal.node.kernel.Protocol;
import java.util.Optional;
import java.util.stream.Stream;

/// A port of this node.
///
/// @param port 1 to 65,535
record HostPortKey(Protocol protocol, int port) implements Comparable<HostPortKey> {
    /// @param protocol as Docker spells it
    /// @return empty for one that is not carried here, as `sctp`
    static Optional<HostPortKey> of(String protocol, int port) {
        return Stream.of(Protocol.values())
                .filter(each -> each.word().equals(protocol))
                .map(each -> new HostPortKey(each, port))
                .findFirst();
    }

    /// As the key of a map `protocol . port`.
    byte[] asKey() {
        return Nftables.joined(new byte[] {protocol.number()}, Expression.port(port));
    }

    @Override
    public int compareTo(HostPortKey other) {
        int byProtocol = protocol.compareTo(other.protocol);
        return byProtocol != 0 ? byProtocol : Integer.compare(port, other.port);
    }
}
