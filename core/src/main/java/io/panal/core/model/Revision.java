package io.panal.core.model;

import java.util.List;

/// What the tasks of a service are to be, at one version of its spec. Tasks share it by its id instead of copying it.
///
/// Kept while the service or one of its tasks names it. Nothing of it changes but the registry's credentials.
///
/// @param hostPorts ports that each task publishes on its own node
/// @param registryAuth to pull its image with, base 64 as the client sent it; empty when none
public record Revision(
        Id<Revision> id,
        Meta meta,
        Id<Service> serviceId,
        TaskSpec spec,
        List<PortConfig> hostPorts,
        String registryAuth)
        implements Stored<Revision> {
    public Revision {
        hostPorts = List.copyOf(hostPorts);
    }

    /// Whether tasks made from it serve another spec as well.
    public boolean serves(TaskSpec other, List<PortConfig> otherPorts) {
        return spec.equals(other) && hostPorts.equals(otherPorts);
    }

    public Revision authorised(String credentials) {
        return new Revision(id, meta, serviceId, spec, hostPorts, credentials);
    }

    @Override
    public Revision stamped(Meta stamp) {
        return new Revision(id, stamp, serviceId, spec, hostPorts, registryAuth);
    }
}
