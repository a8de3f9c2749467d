package io.panal.cli.swarm;

import java.util.Optional;

/// Address ranges in CIDR notation.
final class Pool {
    private Pool() {}

    /// The range with its host bits cleared, as `10.0.0.0/8`; empty when the text is no range of version 4.
    static Optional<String> canonical(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        String[] parts = text.substring(0, slash).strip().split("\\.", -1);
        int length = number(text.substring(slash + 1).strip(), 32);
        if (parts.length != 4 || length < 0) {
            return Optional.empty();
        }
        long address = 0;
        for (String part : parts) {
            int octet = number(part, 255);
            if (octet < 0) {
                return Optional.empty();
            }
            address = address << 8 | octet;
        }
        long network = length == 0 ? 0 : address >> (32 - length) << (32 - length);
        return Optional.of((network >> 24) + "." + (network >> 16 & 255) + "." + (network >> 8 & 255) + "."
                + (network & 255) + "/" + length);
    }

    private static int number(String digits, int most) {
        if (digits.isEmpty() || digits.length() > 3) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number <= most ? number : -1;
    }
}
