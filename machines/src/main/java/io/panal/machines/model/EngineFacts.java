package io.panal.machines.model;

/// What an engine says of itself.
///
/// @param swarmRole `manager` or `worker`; empty when it is in no swarm
/// @param warning   what it complains of; empty when of nothing
public record EngineFacts(String version, String swarmRole, String warning) {}
