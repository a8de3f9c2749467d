package io.panal.machines.model;

/// What an engine says of itself.
///
/// @param swarmRole `manager` or `worker`; empty when it is in no swarm
public record EngineFacts(String version, String swarmRole) {}
