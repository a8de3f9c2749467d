package io.panal.node.dataplane;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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

    /// The words behind a keyword of its `resolv.conf`, in order.
    public List<String> words(String keyword) {
        return resolvConf
                .lines()
                .map(line -> List.of(line.strip().split("\\s+", -1)))
                .filter(words -> words.getFirst().equals(keyword))
                .flatMap(words -> words.stream().skip(1))
                .toList();
    }

    /// The lines of its hosts file but for those that every container's begins with.
    public List<String> ownHosts() {
        return hosts.lines()
                .filter(line -> !line.isBlank()
                        && !line.contains("localhost")
                        && !line.startsWith("fe00")
                        && !line.startsWith("ff0"))
                .toList();
    }

    /// @param networkId the overlay's or bridge's id; `docker_gwbridge` for the way outside
    /// @param device as the container sees it, as `eth0`
    /// @param addressCidr as `10.0.0.5/24`
    /// @param gateway the next hop of what leaves here, else empty; of several interfaces the default route has one
    /// @param ipv6 likewise, if it has such an address
    public record Endpoint(
            String networkId, String device, String addressCidr, String mac, String gateway, Optional<Ipv6> ipv6) {
        public Endpoint(String networkId, String device, String addressCidr, String mac, String gateway) {
            this(networkId, device, addressCidr, mac, gateway, Optional.empty());
        }
    }

    /// @param gateway empty for none
    public record Ipv6(String addressCidr, String gateway) {}
}
