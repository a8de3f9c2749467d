package io.panal.core.manager.allocator;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A range of IPv4 addresses.
///
/// @param base its first address as a number
/// @param bits prefix length, 0 to 32
public record Subnet(long base, int bits) {
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(?:/(\\d{1,2}))?");

    /// @return empty when the text is none; an address without prefix length is a range of one
    public static Optional<Subnet> parse(String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        long number = 0;
        for (int group = 1; group <= 4; group++) {
            int part = Integer.parseInt(form.group(group));
            if (part > 255) {
                return Optional.empty();
            }
            number = number << 8 | part;
        }
        String length = form.group(5);
        int bits = length == null ? 32 : Integer.parseInt(length);
        return bits > 32 ? Optional.empty() : Optional.of(new Subnet(number & mask(bits), bits));
    }

    /// The number of an address, its prefix length left aside.
    public static Optional<Long> address(String text) {
        int slash = text.indexOf('/');
        return parse(slash < 0 ? text : text.substring(0, slash)).map(Subnet::base);
    }

    private static long mask(int bits) {
        return bits == 0 ? 0 : (0xFFFFFFFFL << (32 - bits)) & 0xFFFFFFFFL;
    }

    public long size() {
        return 1L << (32 - bits);
    }

    public boolean contains(long address) {
        return (address & mask(bits)) == base;
    }

    /// Whether it is neither the first nor the last address.
    public boolean isHost(long address) {
        return contains(address) && address != base && address != base + size() - 1;
    }

    public boolean overlaps(Subnet other) {
        return contains(other.base) || other.contains(base);
    }

    boolean overlapsAny(List<Subnet> others) {
        return others.stream().anyMatch(this::overlaps);
    }

    static String text(long address) {
        return (address >> 24 & 255) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "." + (address & 255);
    }

    @Override
    public String toString() {
        return text(base) + "/" + bits;
    }
}
