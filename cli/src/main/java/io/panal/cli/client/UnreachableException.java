package io.panal.cli.client;

import java.io.IOException;

/// The daemon cannot be reached, or is not one; the message is for the user.
public final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    public UnreachableException(String message) {
        super(message);
    }
}
