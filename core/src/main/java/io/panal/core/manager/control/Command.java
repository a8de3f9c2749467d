package io.panal.core.manager.control;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.panal.core.model.Cluster;
import io.panal.core.model.Config;
import io.panal.core.model.Guest;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Secret;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What may be asked of the leader. Ids, secrets and certificates that need chance are made by who asks.
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
public sealed interface Command {
    /// The first of all: a swarm with this node as its only manager.
    record CreateCluster(Cluster cluster, Node self) implements Command {}

    /// The swarm goes on with this node as its only manager (`docker swarm init --force-new-cluster`).
    ///
    /// @param managerAddress host:port that later managers reach it at
    record ForceNewCluster(Id<Node> self, String managerAddress) implements Command {}

    /// @param version the cluster's that the spec was made from
    /// @param fresh what takes the place of present keys
    record UpdateCluster(long version, Cluster.ClusterSpec spec, FreshKeys fresh) implements Command {}

    /// @param tokens those to take the place of the present ones; an empty text keeps one
    /// @param rotation to another root
    /// @param unlockKey the one to be used from now on, if managers are locked
    record FreshKeys(Cluster.JoinTokens tokens, Optional<Cluster.Rotation> rotation, Optional<String> unlockKey) {}

    /// A node whose token was right is let in, with its certificate's name.
    ///
    /// @param arrival what it says of itself; empty lets it be heard of first in its first session
    record AdmitNode(Id<Node> id, Node.Role role, String address, Optional<Node.Arrival> arrival) implements Command {}

    /// A manager takes part in consensus from now on.
    ///
    /// @param managerAddress host:port that the other managers reach it at
    record EnlistMember(Id<Node> id, String managerAddress) implements Command {}

    /// A node's host goes down, and all its containers with it.
    record PartNode(Id<Node> id) implements Command {}

    /// A node takes its leave (`docker swarm leave`).
    record FarewellNode(Id<Node> id) implements Command {}

    record UpdateNode(Id<Node> id, long version, Node.NodeSpec spec) implements Command {}

    /// @param force also when it is not down
    record RemoveNode(Id<Node> id, boolean force) implements Command {}

    /// @param registryAuth as the client sent it (base 64); empty when none
    record CreateService(Id<Service> id, ServiceSpec spec, String registryAuth) implements Command {}

    /// @param version the service's that the spec was made from
    /// @param rollback whether to go back to the previous spec; the given one is then not looked at
    record UpdateService(Id<Service> id, long version, ServiceSpec spec, boolean rollback, String registryAuth)
            implements Command {}

    record RemoveService(Id<Service> id) implements Command {}

    record CreateNetwork(Id<Network> id, Network.NetworkSpec spec) implements Command {}

    record RemoveNetwork(Id<Network> id) implements Command {}

    /// A container that a node's user runs by itself is to be on a network. Asked for again, the later id counts.
    ///
    /// @param network its name or id
    /// @param names that it is found by, its own first
    /// @param address the one that it is to have, without prefix length; empty for any
    record HostGuest(Id<Guest> id, Id<Node> node, String container, String network, List<String> names, String address)
            implements Command {
        public HostGuest {
            names = List.copyOf(names);
        }
    }

    /// Containers of a node are on networks no more. Those that are not known are no fault.
    record DropGuests(Id<Node> node, List<Id<Guest>> ids) implements Command {
        public DropGuests {
            ids = List.copyOf(ids);
        }
    }

    record CreateSecret(Id<Secret> id, Secret.SecretSpec spec) implements Command {}

    /// Only the labels may differ.
    record UpdateSecret(Id<Secret> id, long version, Map<String, String> labels) implements Command {}

    record RemoveSecret(Id<Secret> id) implements Command {}

    record CreateConfig(Id<Config> id, Config.ConfigSpec spec) implements Command {}

    /// Only the labels may differ.
    record UpdateConfig(Id<Config> id, long version, Map<String, String> labels) implements Command {}

    record RemoveConfig(Id<Config> id) implements Command {}
}
