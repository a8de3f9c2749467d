package io.panal.node.dataplane;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// All that this node shall carry of the cluster's networks.
///
/// @param nodeAddress the address that other nodes send tunnel packets to: the advertise or data-path address
/// @param dataPathPort UDP port of the tunnels, Docker's is 4789
/// @param overlays those that this node takes part in
public record NetworkState(String nodeAddress, int dataPathPort, List<Overlay> overlays) {
    public NetworkState {
        overlays = List.copyOf(overlays);
    }

    /// UDP port of encrypted networks: the next after that of the tunnels.
    int sealingPort() {
        return dataPathPort + 1;
    }

    /// The hosts that tunnels lead to.
    Set<InetAddress> hosts() {
        return overlays.stream()
                .flatMap(overlay -> overlay.peers().stream())
                .map(peer -> InetAddress.ofLiteral(peer.host()))
                .collect(Collectors.toSet());
    }

    /// The same with no new connections for tasks on some hosts.
    NetworkState sparing(Set<InetAddress> hosts) {
        return hosts.isEmpty()
                ? this
                : new NetworkState(
                        nodeAddress,
                        dataPathPort,
                        overlays.stream().map(overlay -> overlay.sparing(hosts)).toList());
    }

    /// Of all overlays, as `10.0.0.0/24`.
    List<String> subnets() {
        return overlays.stream()
                .flatMap(overlay -> overlay.subnets().stream())
                .map(Overlay.Subnet::cidr)
                .toList();
    }

    /// The network that published ports lead to.
    Optional<Overlay> ingress() {
        return overlays.stream().filter(Overlay::ingress).findFirst();
    }
}
