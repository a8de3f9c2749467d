package io.panal.cli.template;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How Go prints, compares and judges values.
final class GoText {
    private GoText() {}

    /// As an action of a template shows a value: a null is `<no value>`.
    static String shown(@Nullable Object value) {
        return value == null ? "<no value>" : printed(value);
    }

    /// As `%v` prints it.
    static String printed(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        if (value == null) {
            return "<nil>";
        }
        if (value == Missing.VALUE) {
            return "<no value>";
        }
        if (value instanceof Double || value instanceof BigDecimal) {
            return number(((Number) value).doubleValue());
        }
        if (value instanceof Row row) {
            return printed(row.fields());
        }
        if (value instanceof Map<?, ?> map) {
            return printed(map);
        }
        return value instanceof List<?> list ? printed(list) : value.toString();
    }

    private static String printed(Map<?, ?> map) {
        var out = new StringBuilder("map[");
        for (Map.Entry<String, @Nullable Object> entry : sorted(map).entrySet()) {
            out.append(out.length() == 4 ? "" : " ").append(entry.getKey());
            out.append(':').append(printed(entry.getValue()));
        }
        return out.append(']').toString();
    }

    private static String printed(List<?> list) {
        var out = new StringBuilder("[");
        for (Object element : list) {
            out.append(out.length() == 1 ? "" : " ").append(printed(element));
        }
        return out.append(']').toString();
    }

    private static Map<String, @Nullable Object> sorted(Map<?, ?> map) {
        var sorted = new TreeMap<String, @Nullable Object>();
        map.forEach((key, value) -> sorted.put(String.valueOf(key), value));
        return sorted;
    }

    /// As Go's `%v` prints a float: shortest form, an exponent below 1e-4 and from 1e21.
    static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        double size = Math.abs(value);
        if (size < 1e21 && size >= 1e-4) {
            return new BigDecimal(Double.toString(value)).toPlainString();
        }
        String text =
                Double.toString(value).replace("E-", "e-").replace("E", "e+").replace(".0e", "e");
        int exponent = text.length() - 2;
        return "+-".indexOf(text.charAt(exponent)) >= 0
                ? text.substring(0, exponent + 1) + "0" + text.substring(exponent + 1)
                : text;
    }

    static boolean isTrue(@Nullable Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof Number number) {
            return number.doubleValue() != 0;
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        return value instanceof List<?> list ? !list.isEmpty() : value != null && value != Missing.VALUE;
    }

    static String typeOf(@Nullable Object value) {
        return switch (value) {
            case null -> "nil";
            case String _ -> "string";
            case Boolean _ -> "bool";
            case Double _ -> "float64";
            case Number _ -> "int";
            case List<?> _ -> "[]interface {}";
            case Row row -> row.kind();
            default -> "map[string]interface {}";
        };
    }
}
