package io.panal.node.dataplane;

import java.nio.file.Path;
import java.util.List;

/// A task's network, ready for its container.
///
/// @param namespace path of the network namespace, to be named in the container's bundle
/// @param resolvConf content of `/etc/resolv.conf`
/// @param hosts content of `/etc/hosts`
/// @param endpoints its interfaces but for `lo`, in order
public record Sandbox(String taskId, Path namespace, String resolvConf, String hosts, List<Endpoint> endpoints) {
    public Sandbox {
        endpoints = List.copyOf(endpoints);
    }

    /// @param networkId the overlay's id; `docker_gwbridge` for the way outside
    /// @param device as the container sees it, as `eth0`
    /// @param addressCidr as `10.0.0.5/24`
    /// @param gateway the default route's next hop when it leads out here, else empty
    public record Endpoint(String networkId, String device, String addressCidr, String mac, String gateway) {}
}
