package io.panal.core.api;

import io.panal.core.codec.Codec;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.node.ObjectNode;

/// Reads what a request says.
final class Bodies {
    private Bodies() {}

    /// The body as an object.
    static ObjectNode object(ApiRequest request) {
        SyntaxErrors.of(request.body()).ifPresent(wrong -> {
            throw new ApiRefusal(400, wrong);
        });
        try {
            JsonNode tree = Codec.JSON.parse(request.body().getBytes(StandardCharsets.UTF_8));
            if (tree instanceof ObjectNode object) {
                return object;
            }
            throw new ApiRefusal(
                    400,
                    "json: cannot unmarshal %s into Go value of type map[string]interface {}".formatted(kind(tree)));
        } catch (Codec.Malformed malformed) {
            throw new ApiRefusal(400, String.valueOf(malformed.getMessage()));
        }
    }

    /// The tree as a record.
    static <T> T bind(JsonNode tree, Class<T> type) {
        try {
            return Codec.JSON.bind(tree, type);
        } catch (Codec.Malformed malformed) {
            throw new ApiRefusal(
                    400,
                    malformed.getCause() instanceof MismatchedInputException mismatch
                            ? mismatched(tree, type.getSimpleName(), mismatch)
                            : "invalid %s: %s".formatted(type.getSimpleName(), malformed.getMessage()));
        }
    }

    /// In the words of Go's `encoding/json`: where the tree is wrong, what stands there and what belongs there.
    private static String mismatched(JsonNode tree, String root, MismatchedInputException mismatch) {
        var place = new StringBuilder(root);
        JsonNode found = tree;
        for (JacksonException.Reference step : mismatch.getPath()) {
            if (step.getPropertyName() == null) {
                found = found.path(step.getIndex());
            } else {
                // A choice is an object with one key, which is no component of the record.
                if (!found.has(step.getPropertyName()) && found.size() == 1) {
                    String choice = found.propertyNames().iterator().next();
                    place.append('.').append(choice);
                    found = found.path(choice);
                }
                place.append('.').append(step.getPropertyName());
                found = found.path(step.getPropertyName());
            }
        }
        return "json: cannot unmarshal %s into Go struct field %s of type %s"
                .formatted(kind(found), place, type(mismatch.getTargetType()));
    }

    private static String type(@Nullable Class<?> type) {
        if (type == null) {
            return "interface {}";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "[]string";
        }
        if (Map.class.isAssignableFrom(type)) {
            return "map[string]string";
        }
        return switch (type.getSimpleName()) {
            case "String", "Id" -> "string";
            case "int", "Integer", "long", "Long" -> "int64";
            case "double", "Double" -> "float64";
            case "boolean", "Boolean" -> "bool";
            case "Duration" -> "time.Duration";
            case "Instant" -> "time.Time";
            default -> (type.isEnum() ? "swarm." : "*swarm.") + type.getSimpleName();
        };
    }

    /// The parameter `version`, that an update was made from.
    static long version(ApiRequest request, String kind) {
        String text = request.query().text("version");
        if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new ApiRefusal(
                    400,
                    "invalid %s version '%s': strconv.ParseUint: parsing \"%s\": invalid syntax"
                            .formatted(kind, text, text));
        }
        return Long.parseLong(text);
    }

    private static String kind(JsonNode tree) {
        return switch (tree.getNodeType()) {
            case ARRAY -> "array";
            case STRING -> "string";
            case NUMBER -> "number";
            case BOOLEAN -> "bool";
            case OBJECT -> "object";
            case NULL, MISSING, BINARY, POJO -> "null";
        };
    }
}
