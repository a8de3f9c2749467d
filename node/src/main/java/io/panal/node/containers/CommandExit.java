package io.panal.node.containers;

/// Docker's exit codes for a command that could not be run (Engine 28).
public final class CommandExit {
    /// It is there, but cannot be run; also an `exec` that failed for any other reason.
    public static final int CANNOT_RUN = 126;
    /// There is no such file.
    public static final int NOT_FOUND = 127;
    /// A container that failed for any other reason.
    public static final int NOT_STARTED = 128;

    private CommandExit() {}

    /// @param otherwise the code when the reason is none of the command's
    public static int of(ContainersException failed, int otherwise) {
        String why = failed.text();
        if (why.contains("executable file not found") || why.contains("no such file or directory")) {
            return NOT_FOUND;
        }
        return why.contains("permission denied") || why.contains("is a directory") ? CANNOT_RUN : otherwise;
    }
}
