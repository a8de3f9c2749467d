package io.panal.node.containers;

/// What happens with what a container prints.
///
/// @param kept     false: it is thrown away, as docker's `none` driver does
/// @param maxBytes a file that is longer is put aside for a new one; zero for no end
/// @param maxFiles at least 1: how many files are kept, the current one included
public record LogPlan(boolean kept, long maxBytes, int maxFiles) {
    /// One file without end: docker's default.
    public static LogPlan standard() {
        return new LogPlan(true, 0, 1);
    }
}
