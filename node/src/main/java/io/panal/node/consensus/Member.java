package io.panal.node.consensus;

/// A node that holds the log.
///
/// @param nodeId its id, which never changes
/// @param address `host:port` where it answers other managers
/// @param votes false while it still catches up after joining
public record Member(String nodeId, String address, boolean votes) {}
