package io.panal.core.manager.allocator;

import java.util.List;
import java.util.Optional;

/// A range of IPv4 addresses.
///
/// @param base its first address as a number
/// @param bits prefix length, 0 to 32
public record Subnet(long base, int bits) {
    private static final int NOTHING = -1;

    /// @return empty when the text is none; an address without prefix length is a range of one
    public static Optional<Subnet> parse(String text) {
        int slash = text.indexOf('/');
        int bits = slash < 0 ? 32 : number(text, slash + 1, text.length(), 2, 32);
        long number = parsed(text, slash < 0 ? text.length() : slash);
        return bits == NOTHING || number == NOTHING
                ? Optional.empty()
                : Optional.of(new Subnet(number & mask(bits), bits));
    }

    /// The number of an address, its prefix length left aside.
    public static Optional<Long> address(String text) {
        int slash = text.indexOf('/');
        long number = parsed(text, slash < 0 ? text.length() : slash);
        return number == NOTHING ? Optional.empty() : Optional.of(number);
    }

    /// Of thousands of services in each turn: without regular expressions, which took most of it.
    private static long parsed(String text, int end) {
        long address = 0;
        int from = 0;
        for (int part = 0; part < 4; part++) {
            int dot = part == 3 ? end : text.indexOf('.', from);
            int number = dot < 0 || dot > end ? NOTHING : number(text, from, dot, 3, 255);
            if (number == NOTHING) {
                return NOTHING;
            }
            address = address << 8 | number;
            from = dot + 1;
        }
        return address;
    }

    private static int number(String text, int from, int to, int digitsMost, int most) {
        if (to <= from || to - from > digitsMost) {
            return NOTHING;
        }
        int number = 0;
        for (int at = from; at < to; at++) {
            char digit = text.charAt(at);
            if (digit < '0' || digit > '9') {
                return NOTHING;
            }
            number = number * 10 + digit - '0';
        }
        return number > most ? NOTHING : number;
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
