package io.panal.core.manager.allocator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A range of IPv6 addresses (RFC 4291, text as RFC 5952).
///
/// @param high the first 64 bits of its first address
/// @param low the other 64
/// @param bits prefix length, 0 to 128
public record Ipv6Subnet(long high, long low, int bits) {
    /// An overlay's addresses end with the four bytes of their owner's IPv4 address: no more may be given away.
    public static final int SMALLEST_BITS = 96;

    private static final int GROUPS = 8;
    private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");
    private static final long IPV4 = 0xFFFFFFFFL;

    /// @return empty when the text is none; an address without prefix length is a range of one
    public static Optional<Ipv6Subnet> parse(String text) {
        int slash = text.indexOf('/');
        String length = slash < 0 ? "128" : text.substring(slash + 1);
        if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > 128) {
            return Optional.empty();
        }
        int bits = Integer.parseInt(length);
        return groups(slash < 0 ? text : text.substring(0, slash))
                .map(groups -> new Ipv6Subnet(
                        half(groups, 0) & mask(Math.min(bits, 64)), half(groups, 4) & mask(bits - 64), bits));
    }

    /// The range that an address with a prefix length is in begins with that address.
    public static boolean isNetwork(String text) {
        return parse(text)
                .map(Ipv6Subnet::base)
                .equals(parse(text.replaceFirst("/.*", "")).map(Ipv6Subnet::base));
    }

    private static Optional<List<Integer>> groups(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return listed(text).filter(groups -> groups.size() == GROUPS);
        }
        Optional<List<Integer>> before = listed(text.substring(0, gap));
        Optional<List<Integer>> after = listed(text.substring(gap + 2));
        if (before.isEmpty() || after.isEmpty()) {
            return Optional.empty();
        }
        int left = GROUPS - before.get().size() - after.get().size();
        List<Integer> groups = new ArrayList<>(before.get());
        for (int i = 0; i < left; i++) {
            groups.add(0);
        }
        groups.addAll(after.get());
        return left < 1 ? Optional.empty() : Optional.of(groups);
    }

    private static Optional<List<Integer>> listed(String text) {
        List<Integer> groups = new ArrayList<>();
        for (String group : text.isEmpty() ? new String[0] : text.split(":", -1)) {
            if (!GROUP.matcher(group).matches()) {
                return Optional.empty();
            }
            groups.add(Integer.parseInt(group, 16));
        }
        return Optional.of(groups);
    }

    private static long half(List<Integer> groups, int from) {
        long half = 0;
        for (int group : groups.subList(from, from + 4)) {
            half = half << 16 | group;
        }
        return half;
    }

    /// @param bits of 64; fewer than one is none
    private static long mask(int bits) {
        return bits <= 0 ? 0 : -1L << (64 - bits);
    }

    public boolean contains(Ipv6Subnet other) {
        return bits <= other.bits
                && high == (other.high & mask(Math.min(bits, 64)))
                && low == (other.low & mask(bits - 64));
    }

    public boolean overlaps(Ipv6Subnet other) {
        return contains(other) || other.contains(this);
    }

    /// The address here of whoever has an IPv4 address, without prefix length.
    public String addressOf(long ipv4) {
        return text(high, low | ipv4);
    }

    /// The IPv4 address whose owner has that address here.
    public Optional<Long> ipv4Of(String address) {
        return parse(address.replaceFirst("/.*", ""))
                .filter(own -> own.high == high && (own.low & ~IPV4) == low)
                .map(own -> own.low & IPV4);
    }

    private String base() {
        return text(high, low);
    }

    private static String text(long high, long low) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (int) ((i < 4 ? high : low) >>> (48 - 16 * (i % 4)) & 0xFFFF);
        }
        int from = -1;
        int longest = 1;
        for (int i = 0; i < GROUPS; i++) {
            int to = i;
            while (to < GROUPS && groups[to] == 0) {
                to++;
            }
            if (to - i > longest) {
                from = i;
                longest = to - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == from) {
                text.append("::");
                i += longest - 1;
            } else {
                boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
                text.append(first ? "" : ":").append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return base() + "/" + bits;
    }
}
