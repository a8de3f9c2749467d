package io.panal.core.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A request's query parameters, in the order they came.
///
/// @param parameters each name's values, in order; a name without `=` has the empty value
public record Query(Map<String, List<String>> parameters) {
    private static final List<String> FALSE_WORDS = List.of("", "0", "no", "false", "none");

    /// Copies.
    public Query {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        parameters.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        parameters = Collections.unmodifiableMap(copy);
    }

    /// Of what follows the `?` in a request's target; a malformed escape stays as it was written.
    public static Query parse(String text) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String pair : text.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                parameters
                        .computeIfAbsent(decode(name.replace('+', ' ')), _ -> new ArrayList<>())
                        .add(decode(value.replace('+', ' ')));
            }
        }
        return new Query(parameters);
    }

    /// The first value of `name`, which may be empty.
    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    /// The first value of `name`, empty when it is not given.
    public String text(String name) {
        return first(name).orElse("");
    }

    /// Each value of `name`, in order.
    public List<String> all(String name) {
        return parameters.getOrDefault(name, List.of());
    }

    /// Docker's reading of a flag: anything but nothing, `0`, `no`, `false` and `none`.
    public boolean isSet(String name) {
        return !FALSE_WORDS.contains(text(name).trim().toLowerCase(Locale.ROOT));
    }

    /// A flag with what holds when it is not given at all.
    public boolean isSet(String name, boolean otherwise) {
        return parameters.containsKey(name) ? isSet(name) : otherwise;
    }

    /// Undoes percent escapes, which stand for UTF-8 bytes.
    public static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] source = text.getBytes(StandardCharsets.UTF_8);
        byte[] target = new byte[source.length];
        int length = 0;
        for (int i = 0; i < source.length; i++) {
            int high = i + 2 < source.length && source[i] == '%' ? Character.digit(source[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(source[i + 2], 16);
            if (low < 0) {
                target[length++] = source[i];
            } else {
                target[length++] = (byte) (high * 16 + low);
                i += 2;
            }
        }
        return new String(target, 0, length, StandardCharsets.UTF_8);
    }
}
