package io.panal.images.reference;

import java.io.Serial;

/// A text that names no image; the message is docker's.
public final class InvalidReferenceException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    InvalidReferenceException(String message) {
        super(message);
    }
}
