package io.panal.cli.table;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/// Sizes as docker prints them.
public final class Sizes {
    private static final List<String> BINARY = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB");
    private static final List<String> DECIMAL = List.of("B", "kB", "MB", "GB", "TB", "PB");

    private Sizes() {}

    /// In powers of 1024 with four digits: `23.54GiB`.
    public static String binary(long bytes) {
        return scaled(bytes, 1024, BINARY, 4);
    }

    /// In powers of 1000 with three digits: `4.26MB`.
    public static String decimal(long bytes) {
        return decimal(bytes, 3);
    }

    /// In powers of 1000 with so many digits.
    public static String decimal(long bytes, int digits) {
        return scaled(bytes, 1000, DECIMAL, digits);
    }

    private static String scaled(long bytes, int base, List<String> units, int digits) {
        double value = bytes;
        int unit = 0;
        while (value >= base && unit < units.size() - 1) {
            value /= base;
            unit++;
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits));
        String text = rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
        return text + units.get(unit);
    }
}
