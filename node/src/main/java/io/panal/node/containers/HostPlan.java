package io.panal.node.containers;

import java.util.Optional;

/// How a container sits on its host.
///
/// @param names  its own name and where it looks up others
/// @param init   run it under a small first process that reaps and forwards signals (`docker run --init`)
/// @param health what is said of a health check; once the container is made, the one it has
public record HostPlan(
        NamesPlan names,
        NetworkPlan network,
        SecurityPlan security,
        Limits limits,
        LogPlan log,
        boolean init,
        Optional<HealthPlan> health) {
    /// Default privileges, no limits, no network but its own loopback.
    ///
    /// @param id of the container: its first 12 digits are its host name, as docker does
    public static HostPlan standard(String id) {
        return new HostPlan(
                NamesPlan.of(id.substring(0, 12)),
                new NetworkPlan.Isolated(),
                SecurityPlan.standard(),
                Limits.none(),
                LogPlan.standard(),
                false,
                Optional.empty());
    }

    public HostPlan named(NamesPlan other) {
        return new HostPlan(other, network, security, limits, log, init, health);
    }

    public HostPlan connected(NetworkPlan other) {
        return new HostPlan(names, other, security, limits, log, init, health);
    }

    public HostPlan secured(SecurityPlan other) {
        return new HostPlan(names, network, other, limits, log, init, health);
    }

    public HostPlan limited(Limits other) {
        return new HostPlan(names, network, security, other, log, init, health);
    }

    public HostPlan logging(LogPlan other) {
        return new HostPlan(names, network, security, limits, other, init, health);
    }

    public HostPlan watched(Optional<HealthPlan> other) {
        return new HostPlan(names, network, security, limits, log, init, other);
    }
}
