package io.panal.node.dataplane;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// An address with its prefix length.
public record Cidr(InetAddress address, int prefix) {
    /// Two groups of zeros or more, one after the other.
    private static final Pattern ZEROS = Pattern.compile("(?<![0-9a-f])0(?::0)+(?![0-9a-f])");

    /// @param text as `10.0.0.2/24`
    /// @throws IllegalArgumentException when it is none
    public static Cidr of(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("not an address with a prefix: " + text);
        }
        Cidr read = new Cidr(literal(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
        if (read.prefix < 0 || read.prefix > read.bits()) {
            throw new IllegalArgumentException("no prefix of such an address: " + text);
        }
        return read;
    }

    /// 32 or 128.
    public int bits() {
        return 8 * address.getAddress().length;
    }

    public boolean isIpv6() {
        return bits() == 128;
    }

    /// The first address of it, with the same prefix.
    public Cidr network() {
        byte[] mask = mask();
        byte[] bytes = address.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] &= mask[i];
        }
        return new Cidr(address(bytes), prefix);
    }

    /// The address of it whose last bytes are another's.
    public InetAddress endingWith(InetAddress end) {
        byte[] bytes = network().address.getAddress();
        byte[] last = end.getAddress();
        System.arraycopy(last, 0, bytes, bytes.length - last.length, last.length);
        return address(bytes);
    }

    /// As many bytes as the address has.
    byte[] mask() {
        byte[] mask = new byte[bits() / 8];
        for (int bit = 0; bit < prefix; bit++) {
            mask[bit / 8] |= (byte) (0x80 >> bit % 8);
        }
        return mask;
    }

    /// The last address of it.
    public InetAddress last() {
        byte[] mask = mask();
        byte[] bytes = address.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] |= (byte) ~mask[i];
        }
        return address(bytes);
    }

    public boolean contains(InetAddress other) {
        return other.getAddress().length == address.getAddress().length
                && new Cidr(other, prefix).network().equals(network());
    }

    public boolean overlaps(Cidr other) {
        return prefix <= other.prefix ? contains(other.address) : other.contains(address);
    }

    /// The address after one; after the last comes the first.
    public InetAddress after(InetAddress one) {
        byte[] bytes = one.getAddress();
        for (int i = bytes.length - 1; i >= 0; i--) {
            bytes[i]++;
            if (bytes[i] != 0) {
                break;
            }
        }
        return address(bytes);
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (java.net.UnknownHostException wrongLength) {
            throw new IllegalStateException("not 4 or 16 bytes: " + bytes.length, wrongLength);
        }
    }

    /// An address as everybody prints it: of IPv6 the shortest form (RFC 5952).
    public static String shown(InetAddress address) {
        String full = address.getHostAddress();
        if (address.getAddress().length == 4) {
            return full;
        }
        String plain = full.replaceFirst("%.*", "");
        Optional<MatchResult> longest = ZEROS.matcher(plain)
                .results()
                .reduce((one, other) -> other.group().length() > one.group().length() ? other : one);
        return longest.map(zeros -> plain.substring(0, zeros.start()).replaceFirst(":$", "")
                        + "::"
                        + plain.substring(zeros.end()).replaceFirst("^:", ""))
                .orElse(plain);
    }

    /// An address as everybody writes it: four numbers, or IPv6.
    ///
    /// @throws IllegalArgumentException for anything else, as Java's `10.9` for 10.0.0.9
    public static InetAddress literal(String text) {
        if (!text.contains(":") && text.chars().filter(each -> each == '.').count() != 3) {
            throw new IllegalArgumentException("not an address: " + text);
        }
        return InetAddress.ofLiteral(text);
    }

    @Override
    public String toString() {
        return shown(address) + "/" + prefix;
    }
}
