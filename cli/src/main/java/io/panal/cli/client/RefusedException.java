package io.panal.cli.client;

import java.io.IOException;

/// The daemon answered with an error.
public final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;

    RefusedException(int status, String reason) {
        super("Error response from daemon: " + reason);
        this.status = status;
        this.reason = reason;
    }

    /// The HTTP status, 400 to 599.
    public int status() {
        return status;
    }

    /// The daemon's own words.
    public String reason() {
        return reason;
    }

    public boolean isNotFound() {
        return status == 404;
    }
}
