package io.panal.node.networks;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a user asks of a bridge network.
///
/// @param options of the driver, as `com.docker.network.bridge.name`
/// @param subnets none leaves the choice to this host
public record NetworkRequest(
        String name, Map<String, String> options, Map<String, String> labels, Kind kind, List<Subnet> subnets) {
    public NetworkRequest {
        options = new TreeMap<>(options);
        labels = new TreeMap<>(labels);
        subnets = List.copyOf(subnets);
    }

    /// @param internal without a way out
    /// @param attachable kept and shown only: on one host everybody may attach
    public record Kind(boolean internal, boolean attachable, boolean ipv6) {}

    /// @param subnet as `10.1.2.0/24`
    /// @param ipRange the part of it that addresses are given from; empty is all
    /// @param gateway the bridge's own address; empty for any
    /// @param auxiliary addresses not to be given, by name
    public record Subnet(String subnet, String ipRange, String gateway, Map<String, String> auxiliary) {
        public Subnet {
            auxiliary = new TreeMap<>(auxiliary);
        }
    }
}
