package io.panal.machines.model;

import java.util.Locale;

/// docker-machine's words for what a machine does; paused and saved ones do not exist here.
public enum MachineState {
    RUNNING,
    STOPPED,
    STOPPING,
    STARTING,
    ERROR,
    TIMEOUT;

    /// `Running`.
    public String text() {
        return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
}
