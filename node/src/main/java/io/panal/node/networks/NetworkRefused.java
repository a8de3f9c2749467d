package io.panal.node.networks;

import java.io.IOException;

/// A network that cannot be as asked; the message is for the user, in dockerd's words where it has some.
public final class NetworkRefused extends IOException {
    private static final long serialVersionUID = 1;

    /// What kind of refusal.
    public enum Reason {
        INVALID,
        FORBIDDEN,
        MISSING,
        CONFLICT,
        FAILED
    }

    private final Reason reason;

    NetworkRefused(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    static NetworkRefused invalid(String message) {
        return new NetworkRefused(Reason.INVALID, message);
    }

    static NetworkRefused forbidden(String message) {
        return new NetworkRefused(Reason.FORBIDDEN, message);
    }

    public Reason reason() {
        return reason;
    }
}
