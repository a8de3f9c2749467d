package io.panal.node.containers;

import java.util.List;
import java.util.Map;

/// Everything that is decided about a container before it exists. Kept in containerd's own record of it.
///
/// @param id      64 hexadecimal digits
/// @param name    unique on this host, without a leading slash
/// @param image   name of the image as [ImageStore] knows it
/// @param labels  the user's, and those by which others find their containers
/// @param details whatever the caller wants to find again with the container; not looked at
public record ContainerPlan(
        String id,
        String name,
        String image,
        ProcessPlan process,
        HostPlan host,
        List<MountPlan> mounts,
        Map<String, String> labels,
        String details) {
    public ContainerPlan {
        if (!id.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("a container's id is 64 hexadecimal digits: " + id);
        }
        mounts = List.copyOf(mounts);
        labels = Map.copyOf(labels);
    }

    /// A container that runs what its image says, with nothing special.
    public static ContainerPlan of(String id, String name, String image) {
        return new ContainerPlan(
                id, name, image, ProcessPlan.ofImage(), HostPlan.standard(id), List.of(), Map.of(), "");
    }

    public ContainerPlan running(ProcessPlan other) {
        return new ContainerPlan(id, name, image, other, host, mounts, labels, details);
    }

    public ContainerPlan on(HostPlan other) {
        return new ContainerPlan(id, name, image, process, other, mounts, labels, details);
    }

    public ContainerPlan mounting(List<MountPlan> others) {
        return new ContainerPlan(id, name, image, process, host, others, labels, details);
    }

    public ContainerPlan labelled(Map<String, String> others) {
        return new ContainerPlan(id, name, image, process, host, mounts, others, details);
    }

    public ContainerPlan described(String other) {
        return new ContainerPlan(id, name, image, process, host, mounts, labels, other);
    }
}
