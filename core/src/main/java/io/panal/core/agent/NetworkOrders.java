package io.panal.core.agent;

import io.panal.core.model.Guest;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.PortConfig;
import io.panal.core.model.Service;
import java.util.List;
import java.util.Optional;

/// What a node's kernel is to hold, worked out whole by the leader: one truth.
///
/// @param nodeAddress the underlay address that overlay packets leave from
/// @param dataPathPort UDP
/// @param overlays the networks that this node takes part in
/// @param guests the leases of its containers that are of no service
/// @param visited the networks that those are on, without their keys, for the node's users to look at
public record NetworkOrders(
        String nodeAddress, int dataPathPort, List<Overlay> overlays, List<Guest> guests, List<Network> visited) {
    public static final NetworkOrders NONE = new NetworkOrders("", 4789, List.of(), List.of(), List.of());

    public NetworkOrders {
        overlays = List.copyOf(overlays);
        guests = List.copyOf(guests);
        visited = List.copyOf(visited);
    }

    /// @param mtu 0 derives it from the underlay
    /// @param nodeCidr this node's own address in it, with prefix length; empty when it has none
    /// @param sealing of an encrypted network: nothing of it may leave the node but sealed with these keys
    /// @param peers the endpoints that are on other nodes, in the order of their addresses as texts
    /// @param services in the order of their ids
    /// @param named containers of no service, on all nodes
    public record Overlay(
            Id<Network> id,
            String name,
            int vxlanId,
            List<Network.Subnet> subnets,
            int mtu,
            boolean ingress,
            boolean internal,
            Optional<Network.Sealing> sealing,
            String nodeCidr,
            List<Peer> peers,
            List<Balanced> services,
            List<Named> named) {
        public Overlay {
            subnets = List.copyOf(subnets);
            peers = List.copyOf(peers);
            services = List.copyOf(services);
            named = List.copyOf(named);
        }

        Overlay with(List<Peer> others, List<Balanced> balanced) {
            return new Overlay(
                    id, name, vxlanId, subnets, mtu, ingress, internal, sealing, nodeCidr, others, balanced, named);
        }
    }

    /// @param ip in the overlay
    /// @param host the underlay address of the node it is on
    public record Peer(String ip, String host) {}

    /// @param names the first is that of the address
    public record Named(String ip, List<String> names) {
        public Named {
            names = List.copyOf(names);
        }
    }

    /// A service as a network sees it.
    ///
    /// @param vip without prefix length; empty with dnsrr
    /// @param backends addresses of the tasks that take new connections
    /// @param ports published through the mesh; only on ingress
    public record Balanced(
            Id<Service> id,
            String name,
            List<String> aliases,
            String vip,
            List<Backend> backends,
            List<PortConfig> ports) {
        public Balanced {
            aliases = List.copyOf(aliases);
            backends = List.copyOf(backends);
            ports = List.copyOf(ports);
        }
    }

    /// @param name of the task: web.1.ID
    /// @param others that it has beside: its container's short id, its host name
    public record Backend(String name, String ip, List<String> others) {
        public Backend {
            others = others == null ? List.of() : List.copyOf(others);
        }
    }
}
