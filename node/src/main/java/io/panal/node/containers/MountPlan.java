package io.panal.node.containers;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// Something mounted into a container.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = MountPlan.Bind.class, name = "bind"),
    @JsonSubTypes.Type(value = MountPlan.Volume.class, name = "volume"),
    @JsonSubTypes.Type(value = MountPlan.Memory.class, name = "memory")
})
public sealed interface MountPlan {
    /// Absolute path in the container.
    String target();

    /// A file or directory of the host, which must exist.
    ///
    /// @param propagation as mount(8) names it; empty for `rprivate`
    record Bind(String source, String target, boolean readOnly, String propagation) implements MountPlan {}

    /// A volume's directory on the host.
    ///
    /// @param copy when the directory is empty, it receives what the image has at the target
    record Volume(String source, String target, boolean readOnly, boolean copy) implements MountPlan {}

    /// A tmpfs.
    ///
    /// @param sizeBytes zero for the kernel's default
    /// @param mode      permission bits; zero for 1777
    record Memory(String target, long sizeBytes, int mode) implements MountPlan {}
}
