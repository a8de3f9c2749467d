package io.panal.program.cluster;

/// What a command left behind.
///
/// @param line the command, for messages
/// @param status what it exited with
record Ran(String line, int status, String out, String err) {
    /// Its standard output, without white space around.
    ///
    /// @throws AssertionError when the command failed
    String must() {
        if (status != 0) {
            throw new AssertionError("%s exited with %d:%n%s%s".formatted(line, status, out, err));
        }
        return out.strip();
    }

    boolean isWell() {
        return status == 0;
    }

    /// Both streams.
    String said() {
        return out + err;
    }
}
