package io.panal.node.consensus;

import java.io.IOException;

/// There is too little room on the disk for the log to be opened. The message is fit for a user.
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1L;

    DiskFullException(String message) {
        super(message);
    }
}
