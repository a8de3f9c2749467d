package io.panal.cli.command;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;

/// Values of options as Go reads them.
public final class Values {
    private static final BigInteger LARGEST = BigInteger.ONE.shiftLeft(64);
    private static final String SIZE_LETTERS = "kmgtp";

    private Values() {}

    /// Why a value does not fit a type, in Go's words; empty when it does.
    static String refusal(String type, String value) {
        return switch (type) {
            case "" -> isBoolean(value) ? "" : syntax("ParseBool", value);
            case "uint", "uint32" -> whole("ParseUint", value, false);
            case "int" -> whole("ParseInt", value, true);
            case "float" -> isDecimal(value) ? "" : syntax("ParseFloat", value);
            case "duration" -> Durations.refusal(value);
            case "bytes" -> bytes(value) < 0 ? "invalid size: '" + value + "'" : "";
            case "decimal" -> isDecimal(value) ? nano(value) : "failed to parse " + value + " as a rational number";
            default -> "";
        };
    }

    private static String nano(String value) {
        return new BigDecimal(value).scale() > 9
                        && new BigDecimal(value).stripTrailingZeros().scale() > 9
                ? "value is too precise"
                : "";
    }

    private static String syntax(String function, String value) {
        return "strconv." + function + ": parsing \"" + value + "\": invalid syntax";
    }

    private static String whole(String function, String value, boolean signed) {
        try {
            var number = new BigInteger(value);
            if ((number.signum() < 0 || value.startsWith("+") || value.startsWith("-")) && !signed) {
                return syntax(function, value);
            }
            return number.compareTo(LARGEST) < 0
                    ? ""
                    : "strconv." + function + ": parsing \"" + value + "\": value out of range";
        } catch (NumberFormatException _) {
            return syntax(function, value);
        }
    }

    private static boolean isDecimal(String value) {
        try {
            return new BigDecimal(value).precision() > 0;
        } catch (NumberFormatException _) {
            return false;
        }
    }

    private static boolean isBoolean(String value) {
        return isTrue(value)
                || switch (value) {
                    case "0", "f", "F", "false", "False", "FALSE" -> true;
                    default -> false;
                };
    }

    static boolean isTrue(String value) {
        return switch (value) {
            case "1", "t", "T", "true", "True", "TRUE" -> true;
            default -> false;
        };
    }

    /// A size such as `64m` or `1.5GiB` in bytes, its units powers of 1024.
    ///
    /// @return negative when the text is no size
    public static long bytes(String value) {
        int end = 0;
        while (end < value.length() && "0123456789.".indexOf(value.charAt(end)) >= 0) {
            end++;
        }
        if (end == 0 || !isDecimal(value.substring(0, end))) {
            return -1;
        }
        String unit = value.substring(end).stripLeading().toLowerCase(Locale.ROOT);
        long factor = 1;
        if (!unit.isEmpty() && !unit.equals("b")) {
            int power = SIZE_LETTERS.indexOf(unit.charAt(0)) + 1;
            String rest = unit.substring(1);
            if (power == 0 || !(rest.isEmpty() || rest.equals("b") || rest.equals("ib"))) {
                return -1;
            }
            factor = 1L << (10 * power);
        }
        return new BigDecimal(value.substring(0, end))
                .multiply(BigDecimal.valueOf(factor))
                .longValue();
    }
}
