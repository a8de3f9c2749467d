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
        return switch (value) {
            case null -> "<nil>";
            case Missing _ -> "<no value>";
            case String text -> text;
            case Double number -> number(number);
            case BigDecimal number -> number(number.doubleValue());
            case Row row -> printed(row.fields());
            case Map<?, ?> map -> {
                var out = new StringBuilder("map[");
                for (Map.Entry<String, @Nullable Object> entry : sorted(map).entrySet()) {
                    out.append(out.length() == 4 ? "" : " ").append(entry.getKey());
                    out.append(':').append(printed(entry.getValue()));
                }
                yield out.append(']').toString();
            }
            case List<?> list -> {
                var out = new StringBuilder("[");
                for (Object element : list) {
                    out.append(out.length() == 1 ? "" : " ").append(printed(element));
                }
                yield out.append(']').toString();
            }
            default -> String.valueOf(value);
        };
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
        return switch (value) {
            case null -> false;
            case Missing _ -> false;
            case Boolean truth -> truth;
            case String text -> !text.isEmpty();
            case Number number -> number.doubleValue() != 0;
            case Map<?, ?> map -> !map.isEmpty();
            case List<?> list -> !list.isEmpty();
            default -> true;
        };
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
