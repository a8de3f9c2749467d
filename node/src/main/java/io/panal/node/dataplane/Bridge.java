package io.panal.node.dataplane;

import java.util.List;

/// A network of this host alone: a bridge, and containers at its ports.
///
/// @param device its name, at most 15 characters
/// @param gateways the bridge's own addresses with their subnets' prefixes, IPv4 first
/// @param mtu of the bridge and its cables; 0 leaves it to the kernel
public record Bridge(String id, String name, String device, List<Cidr> gateways, int mtu, Traffic traffic) {
    public Bridge {
        gateways = List.copyOf(gateways);
    }

    /// What may pass.
    ///
    /// @param internal nothing comes in or goes out; the host itself is reached
    /// @param amongThemselves whether containers reach one another
    /// @param masquerade whether what leaves takes the host's address
    public record Traffic(boolean internal, boolean amongThemselves, boolean masquerade) {
        public static final Traffic USUAL = new Traffic(false, true, true);
    }
}
