package io.panal.cli.command;

import java.math.BigDecimal;

/// Durations as Go writes them, in billionths of a second: `1m30s`, `500ms`.
public final class Durations {
    private static final long SECOND = 1_000_000_000L;

    private Durations() {}

    /// Why the text is no duration, in Go's words; empty when it is one.
    static String refusal(String text) {
        try {
            long ignored = nanoseconds(text);
            return ignored == Long.MIN_VALUE ? "time: invalid duration \"" + text + "\"" : "";
        } catch (IllegalArgumentException wrong) {
            return String.valueOf(wrong.getMessage());
        }
    }

    /// @throws IllegalArgumentException when the text is no duration; the message is Go's
    public static long nanoseconds(String text) {
        boolean negative = text.startsWith("-");
        String rest = negative || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return 0;
        }
        if (rest.isEmpty()) {
            throw new IllegalArgumentException("time: invalid duration \"" + text + "\"");
        }
        long total = 0;
        while (!rest.isEmpty()) {
            int number = span(rest, 0, true);
            int unit = span(rest, number, false);
            if (number == 0) {
                throw new IllegalArgumentException("time: invalid duration \"" + text + "\"");
            }
            if (unit == number) {
                throw new IllegalArgumentException("time: missing unit in duration \"" + text + "\"");
            }
            long size = size(rest.substring(number, unit));
            if (size == 0) {
                throw new IllegalArgumentException(
                        "time: unknown unit \"" + rest.substring(number, unit) + "\" in duration \"" + text + "\"");
            }
            total += new BigDecimal(rest.substring(0, number))
                    .multiply(BigDecimal.valueOf(size))
                    .longValue();
            rest = rest.substring(unit);
        }
        return negative ? -total : total;
    }

    private static int span(String text, int from, boolean digits) {
        int at = from;
        while (at < text.length() && ("0123456789.".indexOf(text.charAt(at)) >= 0) == digits) {
            at++;
        }
        return at;
    }

    private static long size(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs", "μs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> SECOND;
            case "m" -> 60 * SECOND;
            case "h" -> 3600 * SECOND;
            default -> 0;
        };
    }

    /// As Go prints a duration: `2160h0m0s`, `5s`, `1.5s`, `500ms`, `0s`.
    public static String shown(long nanoseconds) {
        if (nanoseconds == 0) {
            return "0s";
        }
        if (nanoseconds < 0) {
            return "-" + shown(-nanoseconds);
        }
        if (nanoseconds < 1_000) {
            return nanoseconds + "ns";
        }
        if (nanoseconds < 1_000_000) {
            return decimal(nanoseconds, 3) + "µs";
        }
        if (nanoseconds < SECOND) {
            return decimal(nanoseconds, 6) + "ms";
        }
        long minutes = nanoseconds / (60 * SECOND);
        String seconds = decimal(nanoseconds % (60 * SECOND), 9) + "s";
        if (minutes == 0) {
            return seconds;
        }
        return minutes < 60 ? minutes + "m" + seconds : minutes / 60 + "h" + minutes % 60 + "m" + seconds;
    }

    private static String decimal(long value, int scale) {
        BigDecimal number = BigDecimal.valueOf(value, scale).stripTrailingZeros();
        return number.signum() == 0 ? "0" : number.toPlainString();
    }

    /// How long ago, as docker says it: `Less than a second`, `About a minute`, `3 hours`.
    public static String human(long seconds) {
        if (seconds < 1) {
            return "Less than a second";
        }
        if (seconds == 1) {
            return "1 second";
        }
        if (seconds < 60) {
            return seconds + " seconds";
        }
        long minutes = seconds / 60;
        if (minutes == 1) {
            return "About a minute";
        }
        if (minutes < 60) {
            return minutes + " minutes";
        }
        long hours = (seconds + 1800) / 3600;
        if (hours == 1) {
            return "About an hour";
        }
        if (hours < 48) {
            return hours + " hours";
        }
        if (hours < 24 * 7 * 2) {
            return hours / 24 + " days";
        }
        if (hours < 24 * 30 * 2) {
            return hours / 24 / 7 + " weeks";
        }
        return hours < 24 * 365 * 2 ? hours / 24 / 30 + " months" : seconds / (3600 * 24 * 365) + " years";
    }
}
