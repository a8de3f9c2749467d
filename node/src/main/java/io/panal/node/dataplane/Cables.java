package io.panal.node.dataplane;

import io.panal.node.kernel.Links;
import io.panal.node.kernel.Netlink;
import io.panal.node.kernel.OpenDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The tasks' cables: into overlays, this host's bridges and the gateway bridge.
final class Cables {
    private final Netlink host;
    private final Overlays overlays;
    private final GatewayBridge gateway;
    private final Bridges bridges;

    Cables(Netlink host, Overlays overlays, GatewayBridge gateway, Bridges bridges) {
        this.host = host;
        this.overlays = overlays;
        this.gateway = gateway;
        this.bridges = bridges;
    }

    /// Where a cable of one network is put in.
    @FunctionalInterface
    interface Socket {
        void connect(String port, String device, InetAddress address, OpenDescriptor into) throws IOException;
    }

    /// The sockets that a task needs, by network.
    ///
    /// @throws IOException with the reason, when a network is not here
    Map<String, Socket> sockets(TaskNetwork wanted) throws IOException {
        Map<String, Socket> sockets = new HashMap<>();
        for (TaskNetwork.Attachment attachment : wanted.attachments()) {
            sockets.put(attachment.networkId(), socket(attachment.networkId()));
        }
        return sockets;
    }

    private Socket socket(String networkId) throws IOException {
        if (bridges.find(networkId).isEmpty()) {
            return overlays.required(networkId)::connect;
        }
        BridgeDevice device = bridges.required(networkId);
        return (port, inside, address, into) -> device.connect(port, new Links.End(inside, address), into);
    }

    /// Connects a namespace with some of a task's networks.
    void lay(TaskPlan plan, List<TaskPlan.Wire> wires, Map<String, Socket> sockets, OpenDescriptor into)
            throws IOException {
        for (TaskPlan.Wire wire : wires) {
            Socket socket = sockets.get(wire.networkId());
            if (socket != null) {
                socket.connect(plan.port(wire), wire.device(), wire.address().address(), into);
            }
        }
    }

    void layOutside(TaskPlan plan, OpenDescriptor into) throws IOException {
        if (plan.outside().isPresent()) {
            gateway.connect(
                    plan.port(), plan.outsideDevice(), plan.outside().get().address(), into);
        }
    }

    /// Cuts some of a task's cables, and with them the interfaces at their far ends. Safe to repeat.
    void cut(TaskPlan plan, List<TaskPlan.Wire> wires) throws IOException {
        for (TaskPlan.Wire wire : wires) {
            if (wire.bridged().isPresent()) {
                // Any bridge cuts: the near ends of all are in the host's namespace.
                gateway.device().disconnect(plan.port(wire));
                continue;
            }
            Optional<OverlayBridge> bridge = overlays.find(wire.networkId());
            if (bridge.isPresent()) {
                bridge.get().disconnect(plan.port(wire));
            }
        }
    }

    /// Cuts all of them.
    void cut(TaskPlan plan) throws IOException {
        cut(plan, plan.wires());
        cutOutside(plan);
    }

    /// Safe to repeat.
    void cutOutside(TaskPlan plan) throws IOException {
        gateway.device().disconnect(plan.port());
    }

    /// Makes the near ends at the host's bridges match; overlays look after their own.
    ///
    /// @param found gets a sentence for each that cannot be laid
    void match(List<TaskPlan> ready, Dataplane.Place place, List<String> found, Findings findings) throws IOException {
        Map<String, Links.Link> links = new HashMap<>();
        Links.list(host).forEach(link -> links.put(link.name(), link));
        for (TaskPlan plan : ready) {
            for (Plugged plugged : plugged(plan, place)) {
                Cable cable = plugged.cable();
                Optional<Links.Link> near = Optional.ofNullable(links.get(cable.port()));
                try {
                    plugged.bridge().matchCable(cable, near, findings);
                } catch (IOException failure) {
                    found.add("%s has no interface %s: %s"
                            .formatted(cable.owner(), cable.device(), failure.getMessage()));
                }
            }
        }
    }

    private record Plugged(Cable cable, BridgeDevice bridge) {}

    /// A task's cables at bridges that are there, or could be.
    private List<Plugged> plugged(TaskPlan plan, Dataplane.Place place) {
        List<Plugged> plugged = new ArrayList<>();
        for (TaskPlan.Wire wire : plan.wires()) {
            bridges.device(wire.networkId())
                    .ifPresent(bridge -> plugged.add(new Plugged(Cable.of(plan, wire, place), bridge)));
        }
        plan.outside()
                .ifPresent(outside -> plugged.add(new Plugged(Cable.outside(plan, outside, place), gateway.device())));
        return plugged;
    }

    /// The bridges in the host's own namespace.
    List<BridgeDevice> hostBridges() {
        List<BridgeDevice> devices = new ArrayList<>(bridges.devices());
        devices.add(gateway.device());
        return devices;
    }
}
