package io.panal.node.identity;

import java.util.Arrays;
import java.util.Optional;

/// What a node's certificate lets it be.
public enum Role {
    /// Takes part in the log and serves the manager's services.
    MANAGER("swarm-manager"),
    /// Only runs tasks.
    WORKER("swarm-worker");

    private final String unit;

    Role(String unit) {
        this.unit = unit;
    }

    /// The certificate's OU, as swarmkit spells it.
    public String unit() {
        return unit;
    }

    static Optional<Role> ofUnit(String unit) {
        return Arrays.stream(values()).filter(role -> role.unit.equals(unit)).findFirst();
    }
}
