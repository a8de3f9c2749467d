package io.panal.node.http;

import java.io.IOException;

/// An answer that is an error: a status and one sentence for the user, sent as `{"message": "..."}`.
public final class Refusal extends IOException {
    private static final long serialVersionUID = 1;
    private final int status;

    /// @param status 400 to 599
    public Refusal(int status, String message) {
        super(message);
        this.status = status;
    }

    /// The HTTP status, 400 to 599.
    public int status() {
        return status;
    }

    /// The sentence for the user.
    public String message() {
        return String.valueOf(getMessage());
    }
}
