package io.panal.machines.model;

/// Told what is being done to a machine, as it is done; called from the thread that does it.
@FunctionalInterface
public interface Progress {
    /// @param step one line, as docker-machine logs it
    void report(MachineName machine, String step);

    /// For callers that show nothing.
    static Progress silent() {
        return (_, _) -> {};
    }
}
