package io.panal.node.build;

import java.io.IOException;

/// A build that cannot go on, in words for its user.
public final class BuildException extends IOException {
    private static final long serialVersionUID = 1L;

    /// The exit code of a command that failed; 0 when no command did.
    private final int code;

    public BuildException(String message) {
        this(message, 0);
    }

    public BuildException(String message, int code) {
        super(message);
        this.code = code;
    }

    public int code() {
        return code;
    }
}
