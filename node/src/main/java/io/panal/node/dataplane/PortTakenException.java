package io.panal.node.dataplane;

import java.io.IOException;

/// A port of this node that something else holds; the message says how to find it.
public final class PortTakenException extends IOException {
    private static final long serialVersionUID = 1L;

    private PortTakenException(String why) {
        super(why);
    }

    static PortTakenException noSuchAddress(HostPortKey port) {
        return new PortTakenException(
                "failed to bind port %s:%d/%s: cannot assign requested address: no interface of this node has it"
                        .formatted(port.address(), port.port(), port.protocol().word()));
    }

    PortTakenException(HostPortKey port) {
        super("port %d/%s is already in use on this node: `ss -lnp 'sport = :%d'` there shows by what"
                .formatted(port.port(), port.protocol().word(), port.port()));
    }
}
