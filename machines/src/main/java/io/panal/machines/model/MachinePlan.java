package io.panal.machines.model;

import java.util.List;

/// What is wanted of a new machine.
///
/// @param alternativeNames more names or addresses for its server certificate
public record MachinePlan(
        MachineName name, Subnet subnet, Limits limits, EngineOptions engine, List<String> alternativeNames) {
    public MachinePlan {
        alternativeNames = List.copyOf(alternativeNames);
    }

    /// A machine without limits and with the daemon's own settings.
    public static MachinePlan plain(MachineName name, Subnet subnet) {
        return new MachinePlan(name, subnet, Limits.none(), EngineOptions.none(), List.of());
    }
}
