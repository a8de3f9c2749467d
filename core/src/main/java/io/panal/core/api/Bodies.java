package io.panal.core.api;

import io.panal.core.codec.Codec;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
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
            throw new ApiRefusal(400, "json: cannot unmarshal %s into Go value".formatted(kind(tree)));
        } catch (Codec.Malformed malformed) {
            throw new ApiRefusal(400, String.valueOf(malformed.getMessage()));
        }
    }

    /// The tree as a record.
    static <T> T bind(JsonNode tree, Class<T> type) {
        try {
            return Codec.JSON.bind(tree, type);
        } catch (Codec.Malformed malformed) {
            throw new ApiRefusal(400, "invalid %s: %s".formatted(type.getSimpleName(), what(malformed)));
        }
    }

    /// Where the tree is wrong and what belongs there, in a client's terms.
    private static String what(Codec.Malformed malformed) {
        if (!(malformed.getCause() instanceof MismatchedInputException mismatch)) {
            return String.valueOf(malformed.getMessage());
        }
        var place = new StringBuilder();
        for (JacksonException.Reference step : mismatch.getPath()) {
            if (step.getPropertyName() == null) {
                place.append('[').append(step.getIndex()).append(']');
            } else {
                place.append(place.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return "%s must be %s".formatted(place.isEmpty() ? "it" : place, kind(mismatch.getTargetType()));
    }

    private static String kind(@Nullable Class<?> type) {
        if (type == null) {
            return "another value";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        return switch (type.getSimpleName()) {
            case "String", "Id" -> "a text";
            case "int", "Integer", "long", "Long", "double", "Double", "Duration" -> "a number";
            case "boolean", "Boolean" -> "true or false";
            default -> type.isEnum() ? "one of its words" : "an object";
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
            case NULL, MISSING, BINARY, POJO, OBJECT -> "null";
        };
    }
}
