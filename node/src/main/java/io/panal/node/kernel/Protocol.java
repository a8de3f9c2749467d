package io.panal.node.kernel;

/// The transport protocols that ports can be published for.
public enum Protocol {
    TCP(6),
    UDP(17);

    private final int number;

    Protocol(int number) {
        this.number = number;
    }

    /// As in the IP header.
    public byte number() {
        return (byte) number;
    }

    /// `tcp` or `udp`, as Docker spells them.
    public String word() {
        return switch (this) {
            case TCP -> "tcp";
            case UDP -> "udp";
        };
    }
}
