package io.panal.core.api;

import io.panal.core.model.Id;
import io.panal.core.model.Node;
import java.util.List;
import java.util.Optional;

/// What the node that answers is in the swarm.
public sealed interface Standing {
    /// In no swarm.
    record Outside() implements Standing {}

    /// In a swarm, without its state.
    record Worker() implements Standing {}

    /// A manager whose keys are locked away.
    record Locked() implements Standing {}

    /// A manager.
    ///
    /// @param leader empty while there is none that this node knows of
    /// @param reachable the managers this node hears of, itself included
    record Manager(Id<Node> self, Optional<Id<Node>> leader, List<Id<Node>> reachable) implements Standing {
        /// Copies.
        public Manager {
            reachable = List.copyOf(reachable);
        }
    }

    /// Why the cluster half cannot answer here, in Docker's words; empty on a manager.
    default Optional<String> refusal() {
        return switch (this) {
            case Outside _ ->
                Optional.of("This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" "
                        + "to connect this node to swarm and try again.");
            case Worker _ ->
                Optional.of("This node is not a swarm manager. Worker nodes can't be used to view or modify cluster "
                        + "state. Please run this command on a manager node or promote the current node to a manager.");
            case Locked _ ->
                Optional.of("Swarm is encrypted and needs to be unlocked before it can be used. "
                        + "Please use \"docker swarm unlock\" to unlock it.");
            case Manager _ -> Optional.empty();
        };
    }
}
