package io.panal.core.agent;

import io.panal.core.model.Id;
import io.panal.core.model.PortConfig;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.model.TaskSpec;
import io.panal.core.model.TaskState;
import java.util.List;
import java.util.Map;

/// One task for a node.
///
/// @param desired READY prepares it, RUNNING runs it, SHUTDOWN ends it, REMOVE ends it and takes its container away
/// @param slot as in [io.panal.core.model.Task.Origin]
/// @param service whose it is, for names, labels and templates
/// @param onIngress whether the service publishes a port through the mesh
/// @param onHost whether its containers use the node's own network and have none of theirs
/// @param files secrets and configs by id, base 64
/// @param registryAuth base 64 as the client sent it; empty when none
public record Assignment(
        Id<Task> task,
        int slot,
        TaskState desired,
        ServiceIdentity service,
        TaskSpec spec,
        List<PortConfig> hostPorts,
        List<Task.Attachment> attachments,
        boolean onIngress,
        boolean onHost,
        Map<String, String> files,
        String registryAuth) {
    public Assignment {
        hostPorts = List.copyOf(hostPorts);
        attachments = List.copyOf(attachments);
    }

    /// @param labels the service's own
    public record ServiceIdentity(Id<Service> id, String name, Map<String, String> labels) {}
}
