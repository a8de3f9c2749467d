package io.panal.machines.store;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A text that is not the JSON it should be.
public final class JsonUnreadable extends IOException {
    private static final long serialVersionUID = 1L;

    JsonUnreadable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
