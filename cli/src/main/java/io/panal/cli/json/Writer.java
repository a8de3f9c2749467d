package io.panal.cli.json;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes one tree.
final class Writer {
    private static final String HEXADECIMAL = "0123456789abcdef";

    private final StringBuilder out = new StringBuilder();
    private final String indentation;
    private final boolean escapesMarkup;
    private int depth;

    /// @param escapesMarkup whether `<`, `>` and `&` are written as numbers
    Writer(String indentation, boolean escapesMarkup) {
        this.indentation = indentation;
        this.escapesMarkup = escapesMarkup;
    }

    String write(@Nullable Object value) {
        value(value);
        return out.toString();
    }

    private void value(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            object(map);
            return;
        }
        if (value instanceof Collection<?> list) {
            array(list);
            return;
        }
        if (value instanceof Double number) {
            out.append(decimal(number));
            return;
        }
        boolean plain = value == null || value instanceof Number || value instanceof Boolean;
        if (plain) {
            out.append(value);
        } else {
            string(String.valueOf(value));
        }
    }

    private void object(Map<?, ?> map) {
        if (map.isEmpty()) {
            out.append("{}");
            return;
        }
        out.append('{');
        depth++;
        boolean first = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            separate(first);
            first = false;
            string(String.valueOf(entry.getKey()));
            out.append(indentation.isEmpty() ? ":" : ": ");
            value(entry.getValue());
        }
        depth--;
        line();
        out.append('}');
    }

    private void array(Collection<?> list) {
        if (list.isEmpty()) {
            out.append("[]");
            return;
        }
        out.append('[');
        depth++;
        boolean first = true;
        for (Object element : list) {
            separate(first);
            first = false;
            value(element);
        }
        depth--;
        line();
        out.append(']');
    }

    private void separate(boolean first) {
        if (!first) {
            out.append(',');
        }
        line();
    }

    private void line() {
        if (!indentation.isEmpty()) {
            out.append('\n').repeat(indentation, depth);
        }
    }

    private static String decimal(double number) {
        double size = Math.abs(number);
        if (size != 0 && (size < 1e-6 || size >= 1e21)) {
            return Double.toString(number)
                    .replace("E-", "e-")
                    .replace("E", "e+")
                    .replace(".0e", "e");
        }
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            character(text.charAt(i));
        }
        out.append('"');
    }

    private void character(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            default -> {
                boolean markup = escapesMarkup && (c == '<' || c == '>' || c == '&');
                if (c >= ' ' && !markup && c != '\u2028' && c != '\u2029') {
                    out.append(c);
                } else {
                    out.append("\\u");
                    for (int shift = 12; shift >= 0; shift -= 4) {
                        out.append(HEXADECIMAL.charAt((c >> shift) & 15));
                    }
                }
            }
        }
    }
}
