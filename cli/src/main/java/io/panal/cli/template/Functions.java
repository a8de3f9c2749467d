package io.panal.cli.template;

import io.panal.cli.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The functions a template may call by name.
final class Functions {
    private static final Set<String> KNOWN = Set.of(
            "and",
            "or",
            "not",
            "eq",
            "ne",
            "lt",
            "le",
            "gt",
            "ge",
            "len",
            "index",
            "slice",
            "print",
            "printf",
            "println",
            "html",
            "js",
            "urlquery",
            "json",
            "prettyjson",
            "split",
            "join",
            "title",
            "lower",
            "upper",
            "pad",
            "truncate");

    private Functions() {}

    static boolean isKnown(String name) {
        return KNOWN.contains(name);
    }

    static @Nullable Object call(String name, List<@Nullable Object> arguments, boolean header) {
        return switch (name) {
            case "and", "or" -> logical(name.equals("and"), arguments);
            case "not" -> !GoText.isTrue(one(name, arguments));
            case "eq", "ne", "lt", "le", "gt", "ge" -> Comparison.of(name, arguments);
            case "len" -> length(one(name, arguments));
            case "index" -> index(arguments);
            case "slice" -> slice(arguments);
            case "print" -> print(arguments);
            case "println" -> println(arguments);
            case "printf" -> Printf.format(text(arguments, 0), arguments.subList(1, arguments.size()));
            case "html" -> html(print(arguments));
            case "js" ->
                print(arguments).replace("\\", "\\\\").replace("'", "\\'").replace("\"", "\\\"");
            case "urlquery" -> URLEncoder.encode(print(arguments), StandardCharsets.UTF_8);
            default -> header ? text(arguments, arguments.size() - 1) : docker(name, arguments);
        };
    }

    private static @Nullable Object docker(String name, List<@Nullable Object> arguments) {
        return switch (name) {
            case "json" -> json(one(name, arguments));
            // docker-machine's own.
            case "prettyjson" -> Json.indented(plain(one(name, arguments)), "    ");
            case "split" -> split(text(arguments, 0), text(arguments, 1));
            case "join" -> join(arguments);
            case "title" -> title(text(arguments, 0));
            case "lower" -> text(arguments, 0).toLowerCase(Locale.ROOT);
            case "upper" -> text(arguments, 0).toUpperCase(Locale.ROOT);
            case "pad" -> pad(text(arguments, 0), whole(arguments, 1), whole(arguments, 2));
            default -> truncate(text(arguments, 0), whole(arguments, 1));
        };
    }

    /// A line of a list makes its own JSON, with markup escaped; the function itself escapes none.
    private static String json(@Nullable Object value) {
        return value instanceof Row row && !row.isObject() ? Json.compact(plain(row)) : Json.plain(plain(value));
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Row row) {
            return plain(row);
        }
        return value == Missing.VALUE ? null : value;
    }

    /// A row's values without its methods, in the order docker writes them.
    private static Map<String, @Nullable Object> plain(Row row) {
        Map<String, @Nullable Object> plain = row.isObject() ? new LinkedHashMap<>() : new TreeMap<>();
        for (Map.Entry<String, @Nullable Object> field : row.fields().entrySet()) {
            if (!(field.getValue() instanceof Function)) {
                plain.put(field.getKey(), field.getValue());
            }
        }
        return plain;
    }

    private static @Nullable Object logical(boolean all, List<@Nullable Object> arguments) {
        for (Object argument : arguments) {
            if (GoText.isTrue(argument) != all) {
                return argument;
            }
        }
        return arguments.isEmpty() ? null : arguments.getLast();
    }

    private static @Nullable Object one(String name, List<@Nullable Object> arguments) {
        if (arguments.size() != 1) {
            throw TemplateFailure.unfit("executing \"\" at <" + name + ">: wrong number of args for " + name
                    + ": want 1 got " + arguments.size());
        }
        return arguments.getFirst();
    }

    private static String text(List<@Nullable Object> arguments, int at) {
        if (at < 0 || at >= arguments.size()) {
            throw TemplateFailure.unfit("wrong number of args: got " + arguments.size());
        }
        return switch (arguments.get(at)) {
            case String text -> text;
            case null -> "";
            default ->
                throw TemplateFailure.unfit(
                        "wrong type for value; expected string; got " + GoText.typeOf(arguments.get(at)));
        };
    }

    private static int whole(List<@Nullable Object> arguments, int at) {
        if (at < arguments.size() && arguments.get(at) instanceof Long number) {
            return number.intValue();
        }
        throw TemplateFailure.unfit("expected integer argument " + (at + 1));
    }

    private static long length(@Nullable Object value) {
        return switch (value) {
            case String text -> text.getBytes(StandardCharsets.UTF_8).length;
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case null -> throw TemplateFailure.unfit("error calling len: len of nil pointer");
            default -> throw TemplateFailure.unfit("error calling len: len of type " + GoText.typeOf(value));
        };
    }

    private static @Nullable Object index(List<@Nullable Object> arguments) {
        Object value = arguments.isEmpty() ? null : arguments.getFirst();
        for (Object key : arguments.subList(Math.min(1, arguments.size()), arguments.size())) {
            value = switch (value) {
                case null -> throw TemplateFailure.unfit("error calling index: index of untyped nil");
                case Map<?, ?> map -> map.get(GoText.printed(key));
                case List<?> list -> {
                    int at = key instanceof Long number ? number.intValue() : -1;
                    if (at < 0 || at >= list.size()) {
                        throw TemplateFailure.unfit("error calling index: index out of range: " + GoText.printed(key));
                    }
                    yield list.get(at);
                }
                case String text
                when key instanceof Long at && at >= 0 && at < text.length() -> (long) text.charAt(at.intValue());
                default ->
                    throw TemplateFailure.unfit(
                            "error calling index: can't index item of type " + GoText.typeOf(value));
            };
        }
        return value;
    }

    private static Object slice(List<@Nullable Object> arguments) {
        int from = arguments.size() > 1 ? whole(arguments, 1) : 0;
        Object value = arguments.getFirst();
        int size =
                value instanceof List<?> list ? list.size() : text(arguments, 0).length();
        int to = arguments.size() > 2 ? whole(arguments, 2) : size;
        if (from < 0 || to > size || from > to) {
            throw TemplateFailure.unfit("error calling slice: index out of range: " + to);
        }
        return value instanceof List<?> list
                ? list.subList(from, to)
                : text(arguments, 0).substring(from, to);
    }

    private static String print(List<@Nullable Object> arguments) {
        var out = new StringBuilder();
        boolean wasText = true;
        for (Object argument : arguments) {
            boolean isText = argument instanceof String;
            // Go's Sprint parts two operands by a blank when neither is a string.
            if (!wasText && !isText) {
                out.append(' ');
            }
            out.append(GoText.printed(argument));
            wasText = isText;
        }
        return out.toString();
    }

    private static String println(List<@Nullable Object> arguments) {
        var out = new StringBuilder();
        for (Object argument : arguments) {
            out.append(out.isEmpty() ? "" : " ").append(GoText.printed(argument));
        }
        return out.append('\n').toString();
    }

    private static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&#34;")
                .replace("'", "&#39;");
    }

    private static List<String> split(String text, String separator) {
        var parts = new ArrayList<String>();
        if (separator.isEmpty()) {
            text.codePoints().forEach(point -> parts.add(Character.toString(point)));
            return parts;
        }
        int at = 0;
        while (true) {
            int next = text.indexOf(separator, at);
            if (next < 0) {
                parts.add(text.substring(at));
                return parts;
            }
            parts.add(text.substring(at, next));
            at = next + separator.length();
        }
    }

    private static String join(List<@Nullable Object> arguments) {
        if (!(arguments.getFirst() instanceof List<?> list)) {
            throw TemplateFailure.unfit(
                    "error calling join: expected a list; got " + GoText.typeOf(arguments.getFirst()));
        }
        var out = new StringBuilder();
        for (Object element : list) {
            out.append(out.isEmpty() ? "" : text(arguments, 1)).append(GoText.printed(element));
        }
        return out.toString();
    }

    private static String title(String text) {
        var out = new StringBuilder(text);
        boolean start = true;
        for (int i = 0; i < out.length(); i++) {
            char c = out.charAt(i);
            if (start) {
                out.setCharAt(i, Character.toTitleCase(c));
            }
            start = !Character.isLetterOrDigit(c) && c != '_' && c != '\'';
        }
        return out.toString();
    }

    private static String pad(String text, int before, int after) {
        return text.isEmpty() ? text : " ".repeat(before) + text + " ".repeat(after);
    }

    private static String truncate(String text, int length) {
        return text.codePointCount(0, text.length()) <= length
                ? text
                : text.substring(0, text.offsetByCodePoints(0, length));
    }
}
