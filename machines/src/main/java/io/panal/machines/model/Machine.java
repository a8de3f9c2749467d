package io.panal.machines.model;

import java.time.Instant;

/// A machine as it is recorded; whether it runs is asked of the kernel, not recorded.
///
/// @param address  its own for life: stop and start do not change it
/// @param complete false from the record's first writing until the daemon has answered once
public record Machine(MachinePlan plan, Address address, Instant createdAt, boolean complete) {
    /// The one port that docker clients are told, with TLS.
    public static final int ENGINE_PORT = 2376;

    public MachineName name() {
        return plan.name();
    }

    /// `tcp://192.168.66.100:2376`, what DOCKER_HOST gets.
    public String url() {
        return "tcp://%s:%d".formatted(address, ENGINE_PORT);
    }

    /// The daemon answered for the first time.
    public Machine completed() {
        return new Machine(plan, address, createdAt, true);
    }
}
