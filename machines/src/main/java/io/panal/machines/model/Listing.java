package io.panal.machines.model;

import java.time.Duration;
import java.util.Optional;

/// One machine as `ls` shows it.
///
/// @param machine empty when its record cannot be read
/// @param engine  empty when the engine did not answer
/// @param error   what went wrong while looking; empty when nothing did
public record Listing(
        MachineName name,
        Optional<Machine> machine,
        MachineState state,
        Optional<EngineFacts> engine,
        String error,
        Duration responseTime) {
    /// The URL by which the engine is reached; a machine that does not run has none.
    public Optional<String> url() {
        return state == MachineState.RUNNING ? machine.map(Machine::url) : Optional.empty();
    }
}
