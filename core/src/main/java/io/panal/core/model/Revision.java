package io.panal.core.model;

import java.util.List;

/// What the tasks of a service are to be, at one version of its spec. Tasks share it by its id instead of copying it.
///
/// Kept while the service or one of its tasks names it. Never changes.
///
/// @param hostPorts ports that each task publishes on its own node
public record Revision(Id<Revision> id, Meta meta, Id<Service> serviceId, TaskSpec spec, List<PortConfig> hostPorts)
        implements Stored<Revision> {
    public Revision {
        hostPorts = List.copyOf(hostPorts);
    }

    /// Whether tasks made from it serve another spec as well.
    public boolean serves(TaskSpec other, List<PortConfig> otherPorts) {
        return spec.equals(other) && hostPorts.equals(otherPorts);
    }

    @Override
    public Revision stamped(Meta stamp) {
        return new Revision(id, stamp, serviceId, spec, hostPorts);
    }
}
