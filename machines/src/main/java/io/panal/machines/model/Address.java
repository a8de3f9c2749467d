package io.panal.machines.model;

/// An IPv4 address.
///
/// @param bits the 32 bits, in the low half
public record Address(long bits) implements Comparable<Address> {
    public Address {
        if (bits < 0 || bits > 0xffff_ffffL) {
            throw new IllegalStateException("no IPv4 address: " + bits);
        }
    }

    /// Reads dotted decimal.
    public static Address parse(String text) throws MachineFailure {
        var parts = text.split("\\.", -1);
        if (parts.length != 4) {
            throw new MachineFailure("invalid IP address: " + text);
        }
        long bits = 0;
        for (var part : parts) {
            if (!part.matches("\\d{1,3}") || Integer.parseInt(part) > 255) {
                throw new MachineFailure("invalid IP address: " + text);
            }
            bits = (bits << 8) | Integer.parseInt(part);
        }
        return new Address(bits);
    }

    /// Eight hexadecimal digits: short enough for an interface's name.
    public String hex() {
        return "%08x".formatted(bits);
    }

    /// A locally administered hardware address that stays the same over restarts, so that neighbours' caches stay true.
    public String hardwareAddress() {
        return "02:70:%02x:%02x:%02x:%02x".formatted(octet(24), octet(16), octet(8), octet(0));
    }

    private long octet(int shift) {
        return (bits >> shift) & 0xff;
    }

    @Override
    public int compareTo(Address other) {
        return Long.compare(bits, other.bits);
    }

    @Override
    public String toString() {
        return "%d.%d.%d.%d".formatted(octet(24), octet(16), octet(8), octet(0));
    }
}
