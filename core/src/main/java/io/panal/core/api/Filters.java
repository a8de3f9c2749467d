package io.panal.core.api;

import io.panal.core.codec.Codec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/// The parameter `filters`: for each key the values of which one has to fit.
///
/// @param values in the order they came; a key that is not there lets everything through
public record Filters(Map<String, List<String>> values) {
    /// Lets everything through.
    public static final Filters NONE = new Filters(new TreeMap<>());

    /// Copies.
    public Filters {
        values = new TreeMap<>(values);
    }

    /// Of `{"name": {"web": true}}` or, as old clients write it, `{"name": ["web"]}`.
    ///
    /// @throws ApiRefusal when it is no JSON, or has a key that is not accepted
    public static Filters of(Query query, List<String> accepted) {
        String text = query.text("filters");
        if (text.isBlank()) {
            return NONE;
        }
        Map<String, List<String>> values = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : parsed(text).properties()) {
            if (!accepted.contains(entry.getKey())) {
                throw new ApiRefusal(400, "invalid filter '%s'".formatted(entry.getKey()));
            }
            values.put(entry.getKey(), wanted(entry.getValue()));
        }
        return new Filters(values);
    }

    /// What is wrong with it is not told, as in Docker.
    private static JsonNode parsed(String text) {
        JsonNode parsed = SyntaxErrors.of(text).isPresent()
                ? NullNode.getInstance()
                : Codec.JSON.parse(text.getBytes(StandardCharsets.UTF_8));
        if (!parsed.isObject() || !parsed.valueStream().allMatch(Filters::isFlagsOrList)) {
            throw new ApiRefusal(400, "invalid filter");
        }
        return parsed;
    }

    private static boolean isFlagsOrList(JsonNode wanted) {
        return wanted.isNull()
                || (wanted.isObject() && wanted.valueStream().allMatch(JsonNode::isBoolean))
                || (wanted.isArray() && wanted.valueStream().allMatch(JsonNode::isString));
    }

    private static List<String> wanted(JsonNode node) {
        List<String> wanted = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(value -> wanted.add(value.asString()));
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (entry.getValue().asBoolean()) {
                wanted.add(entry.getKey());
            }
        }
        return wanted;
    }

    /// The values of a key, none when it is not there.
    public List<String> all(String key) {
        return values.getOrDefault(key, List.of());
    }

    /// Whether one of the key's values is `text`.
    public boolean exact(String key, String text) {
        return all(key).isEmpty() || all(key).contains(text);
    }

    /// Whether one of the key's values begins `text`, as swarmkit matches ids and names.
    public boolean prefix(String key, String text) {
        return all(key).isEmpty() || all(key).stream().anyMatch(text::startsWith);
    }

    /// Whether one of the key's values is part of `text`.
    public boolean part(String key, String text) {
        return all(key).isEmpty() || all(key).stream().anyMatch(text::contains);
    }

    /// Whether all of the key's values, `name` or `name=value`, are among the labels.
    public boolean labels(String key, Map<String, String> labels) {
        return all(key).stream().allMatch(wanted -> {
            int equals = wanted.indexOf('=');
            String name = equals < 0 ? wanted : wanted.substring(0, equals);
            return labels.containsKey(name)
                    && (equals < 0 || wanted.substring(equals + 1).equals(labels.get(name)));
        });
    }
}
