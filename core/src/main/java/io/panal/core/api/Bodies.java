package io.panal.core.api;

import io.panal.core.codec.Codec;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads what a request says.
final class Bodies {
    private Bodies() {}

    /// The body as an object that fits the record.
    ///
    /// @throws ApiRefusal 400 when it is no JSON, or does not fit
    static ObjectNode object(ApiRequest request, Class<? extends Record> type) {
        if (request.body().isBlank()) {
            throw new ApiRefusal(400, "got EOF while reading request body");
        }
        SyntaxErrors.of(request.body()).ifPresent(wrong -> {
            throw new ApiRefusal(400, wrong);
        });
        try {
            return Shape.fit(Codec.JSON.parse(request.body().getBytes(StandardCharsets.UTF_8)), type);
        } catch (Codec.Malformed malformed) {
            throw new ApiRefusal(400, String.valueOf(malformed.getMessage()));
        }
    }

    /// The tree as a record.
    static <T> T bind(JsonNode tree, Class<T> type) {
        try {
            return Codec.JSON.bind(tree, type);
        } catch (Codec.Malformed malformed) {
            throw new ApiRefusal(400, "invalid %s: %s".formatted(type.getSimpleName(), malformed.getMessage()));
        }
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
}
