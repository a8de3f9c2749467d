package io.panal.node.dataplane;

import io.panal.node.kernel.Expression;
import io.panal.node.kernel.Nftables;
import io.panal.node.kernel.Protocol;
import java.util.Locale;

/// A port of this node.
///
/// @param port 1 to 65,535
record HostPortKey(Protocol protocol, int port) implements Comparable<HostPortKey> {
    static HostPortKey of(String protocol, int port) {
        return new HostPortKey(Protocol.valueOf(protocol.toUpperCase(Locale.ROOT)), port);
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
