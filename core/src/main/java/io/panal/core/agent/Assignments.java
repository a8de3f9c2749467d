package io.panal.core.agent;

import io.panal.core.model.Node;
import java.time.Duration;
import java.util.List;

/// All that a node is to do: the full set, each time. On the way to the node only what changed is sent: [LastOrders].
///
/// @param generation rises with every set of a session; older ones are refused
/// @param tasks every task that the node is to have, also those that it is to end; a container of ours whose
///     task is not here is removed; in the order of their ids
/// @param network what its kernel is to hold
/// @param managers where managers are reached, host:port
/// @param heartbeat how often the node is to be heard of
/// @param role what the node is to be now
/// @param trust whom the node is to believe, and whose certificate it is to show
public record Assignments(
        long generation,
        List<Assignment> tasks,
        NetworkOrders network,
        List<String> managers,
        Duration heartbeat,
        Node.Role role,
        Trust trust) {
    public Assignments {
        tasks = List.copyOf(tasks);
        managers = List.copyOf(managers);
    }

    /// @param roots PEM; empty says nothing
    /// @param issuer who is to have signed the node's certificate, by its public key (DER, base 64)
    public record Trust(String roots, String issuer) {
        /// Nothing is to change.
        public static final Trust UNSAID = new Trust("", "");
    }
}
