package io.panal.node.dataplane;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// An address with its prefix length.
record Cidr(InetAddress address, int prefix) {
    /// @param text as `10.0.0.2/24`
    static Cidr of(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("not an address with a prefix: " + text);
        }
        return new Cidr(InetAddress.ofLiteral(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] theirs = other.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            if (((mine[bit / 8] ^ theirs[bit / 8]) & 0x80 >> bit % 8) != 0) {
                return false;
            }
        }
        return true;
    }

    /// The first address of the network that it is in.
    InetAddress network() {
        byte[] bytes = address.getAddress();
        for (int bit = prefix; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException wrongLength) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", wrongLength);
        }
    }

    boolean overlaps(Cidr other) {
        return prefix <= other.prefix ? contains(other.address) : other.contains(address);
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefix;
    }
}
