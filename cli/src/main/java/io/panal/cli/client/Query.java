package io.panal.cli.client;

import io.panal.cli.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A path with a query, its parameters in the order of their names.
public final class Query {
    private final StringBuilder path;
    private final TreeMap<String, String> parameters = new TreeMap<>();

    private Query(String path) {
        this.path = new StringBuilder(path);
    }

    /// A path whose parts need no escaping.
    public static Query of(String path) {
        return new Query(path);
    }

    /// A path that ends with a name a user gave.
    public static Query of(String path, String name) {
        return of(path, name, "");
    }

    /// A path around a name a user gave, such as `/nodes/`, name, `/update`.
    public static Query of(String path, String name, String rest) {
        return new Query(path + segment(name) + rest);
    }

    /// Escapes as Go's path does: a reference such as `registry:5000/web:1` stays readable.
    private static String segment(String name) {
        var out = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "-_.~/:@$&+=,;!*'()".indexOf(c) >= 0);
            if (plain) {
                out.append(c);
            } else {
                out.append('%').append(Character.toUpperCase(Character.forDigit(c >> 4, 16)));
                out.append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return out.toString();
    }

    public Query with(String name, Object value) {
        parameters.put(name, String.valueOf(value));
        return this;
    }

    /// Adds `filters` as the API wants them; nothing when there are none.
    public Query filters(Map<String, ? extends Iterable<String>> filters) {
        var all = new TreeMap<String, Map<String, Boolean>>();
        filters.forEach((name, values) -> {
            var set = new TreeMap<String, Boolean>();
            for (String value : values) {
                set.put(value, true);
            }
            all.put(name, set);
        });
        return all.isEmpty() ? this : with("filters", Json.compact(all));
    }

    /// Adds one filter with one value.
    public Query filter(String name, String value) {
        return filters(Map.of(name, List.of(value)));
    }

    @Override
    public String toString() {
        char separator = '?';
        var out = new StringBuilder(path);
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            out.append(separator).append(parameter.getKey()).append('=');
            out.append(URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8));
            separator = '&';
        }
        return out.toString();
    }
}
