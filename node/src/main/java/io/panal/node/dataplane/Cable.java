package io.panal.node.dataplane;

import io.panal.node.kernel.Links;
import io.panal.node.kernel.NetworkNamespace;
import java.net.InetAddress;

/// A cable from a bridge into a task's namespace, or the host's.
///
/// @param owner `task ID` or `node`
/// @param port the near end's name, at most 15 characters
/// @param device the far end's
record Cable(String owner, String port, String device, InetAddress address, NetworkNamespace into) {
    /// Of a task that is ready.
    ///
    /// @param wire into an overlay or a bridge of this host
    static Cable of(TaskPlan plan, TaskPlan.Wire wire, Dataplane.Place place) {
        return new Cable(
                plan.owner(), plan.port(wire), wire.device(), wire.address().address(), into(plan, place));
    }

    /// Into the gateway bridge.
    static Cable outside(TaskPlan plan, Cidr outside, Dataplane.Place place) {
        return new Cable(plan.owner(), plan.port(), plan.outsideDevice(), outside.address(), into(plan, place));
    }

    private static NetworkNamespace into(TaskPlan plan, Dataplane.Place place) {
        return new NetworkNamespace(place.namespaces().resolve(plan.task().taskId()));
    }

    Links.End end() {
        return new Links.End(device, address);
    }
}
