package io.panal.node.http;

import java.io.IOException;

/// The client closed the connection before its answer was complete.
public final class ClientGone extends IOException {
    private static final long serialVersionUID = 1;

    ClientGone() {
        super("the client closed the connection");
    }
}
