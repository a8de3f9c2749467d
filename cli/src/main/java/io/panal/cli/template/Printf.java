package io.panal.cli.template;

import io.panal.cli.json.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Go's `fmt.Sprintf` for the verbs that make sense here: `%v %s %q %d %t %f %g %e %x %X %o %b %c %T %%` with flags,
/// width and precision.
final class Printf {
    private final String format;
    private final List<@Nullable Object> arguments;
    private final StringBuilder out = new StringBuilder();
    private int next;

    private Printf(String format, List<@Nullable Object> arguments) {
        this.format = format;
        this.arguments = arguments;
    }

    static String format(String format, List<@Nullable Object> arguments) {
        return new Printf(format, arguments).run();
    }

    private String run() {
        int i = 0;
        while (i < format.length()) {
            char c = format.charAt(i);
            if (c != '%') {
                out.append(c);
                i++;
                continue;
            }
            int end = i + 1;
            while (end < format.length() && "-+ #0123456789.".indexOf(format.charAt(end)) >= 0) {
                end++;
            }
            if (end == format.length()) {
                out.append("%!(NOVERB)");
                break;
            }
            verb(format.substring(i + 1, end), format.charAt(end));
            i = end + 1;
        }
        if (next < arguments.size()) {
            out.append("%!(EXTRA ");
            for (int rest = next; rest < arguments.size(); rest++) {
                Object value = arguments.get(rest);
                out.append(rest == next ? "" : ", ")
                        .append(GoText.typeOf(value))
                        .append('=');
                out.append(GoText.printed(value));
            }
            out.append(')');
        }
        return out.toString();
    }

    private void verb(String flags, char verb) {
        if (verb == '%') {
            out.append('%');
            return;
        }
        if (next >= arguments.size()) {
            out.append("%!").append(verb).append("(MISSING)");
            return;
        }
        Object value = arguments.get(next++);
        int dot = flags.indexOf('.');
        int precision = dot < 0 ? -1 : number(flags.substring(dot + 1));
        String text = shape(value, verb, precision, flags);
        pad(text, dot < 0 ? flags : flags.substring(0, dot), value instanceof Number);
    }

    private static int number(String digits) {
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    private static String shape(@Nullable Object value, char verb, int precision, String flags) {
        String text = switch (verb) {
            case 'v', 's' -> cut(GoText.printed(value), verb == 's' ? precision : -1);
            case 'q' -> Json.quoted(GoText.printed(value));
            case 'T' -> GoText.typeOf(value);
            case 't' -> value instanceof Boolean ? GoText.printed(value) : bad(value, verb);
            case 'd' -> value instanceof Long number ? Long.toString(number) : bad(value, verb);
            case 'c' -> value instanceof Long number ? Character.toString(number.intValue()) : bad(value, verb);
            case 'o' -> value instanceof Long number ? Long.toString(number, 8) : bad(value, verb);
            case 'b' -> value instanceof Long number ? Long.toString(number, 2) : bad(value, verb);
            case 'x', 'X' -> hexadecimal(value, verb);
            case 'f', 'F', 'e', 'E', 'g', 'G' -> decimal(value, verb, precision);
            default -> bad(value, verb);
        };
        boolean positive = value instanceof Number number && number.doubleValue() >= 0;
        return positive && flags.indexOf('+') >= 0 ? "+" + text : text;
    }

    private static String cut(String text, int precision) {
        return precision < 0 || text.length() <= precision ? text : text.substring(0, precision);
    }

    private static String hexadecimal(@Nullable Object value, char verb) {
        String text = switch (value) {
            case Long number -> Long.toString(number, 16);
            case String string -> HexFormat.of().formatHex(string.getBytes(StandardCharsets.UTF_8));
            case null, default -> bad(value, verb);
        };
        return verb == 'X' ? text.toUpperCase(Locale.ROOT) : text;
    }

    private static String decimal(@Nullable Object value, char verb, int precision) {
        if (!(value instanceof Double number)) {
            return bad(value, verb);
        }
        if (verb == 'g' || verb == 'G') {
            return GoText.number(number);
        }
        if (verb == 'f' || verb == 'F') {
            return new BigDecimal(number)
                    .setScale(precision < 0 ? 6 : precision, RoundingMode.HALF_EVEN)
                    .toPlainString();
        }
        char shape = verb == 'E' ? 'E' : Character.toLowerCase(verb);
        return String.format(Locale.ROOT, "%." + (precision < 0 ? 6 : precision) + shape, number);
    }

    private static String bad(@Nullable Object value, char verb) {
        return "%!" + verb + "(" + GoText.typeOf(value) + "=" + GoText.printed(value) + ")";
    }

    private void pad(String text, String flags, boolean number) {
        int start = 0;
        while (start < flags.length() && "-+ #0".indexOf(flags.charAt(start)) >= 0) {
            start++;
        }
        int missing = number(flags.substring(start)) - text.codePointCount(0, text.length());
        boolean left = flags.indexOf('-') >= 0 && flags.indexOf('-') < start;
        int zero = flags.indexOf('0');
        boolean zeros = number && !left && zero >= 0 && zero < start;
        if (missing <= 0) {
            out.append(text);
        } else if (left) {
            out.append(text).repeat(' ', missing);
        } else if (zeros && (text.startsWith("-") || text.startsWith("+"))) {
            out.append(text.charAt(0)).repeat('0', missing).append(text, 1, text.length());
        } else {
            out.repeat(zeros ? '0' : ' ', missing).append(text);
        }
    }
}
