package io.panal.node.dataplane;

import java.util.List;
import java.util.Optional;

/// All that this node shall carry of the cluster's networks.
///
/// @param nodeAddress the address that other nodes send tunnel packets to: the advertise or data-path address
/// @param dataPathPort UDP port of the tunnels, Docker's is 4789
/// @param overlays those that this node takes part in
public record NetworkState(String nodeAddress, int dataPathPort, List<Overlay> overlays) {
    public NetworkState {
        overlays = List.copyOf(overlays);
    }

    /// The network that published ports lead to.
    Optional<Overlay> ingress() {
        return overlays.stream().filter(Overlay::ingress).findFirst();
    }
}
