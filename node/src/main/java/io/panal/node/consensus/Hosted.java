package io.panal.node.consensus;

/// What a member hosts, and whom it tells.
public record Hosted(ReplicatedState state, ConsensusListener listener) {}
