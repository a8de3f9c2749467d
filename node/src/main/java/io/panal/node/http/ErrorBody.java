package io.panal.node.http;

import java.util.Arrays;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Docker's error shape.
final class ErrorBody {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private ErrorBody() {}

    /// `{"message": ...}` and a line end, as dockerd sends it.
    static byte[] of(String message) {
        byte[] json = MAPPER.writeValueAsBytes(Map.of("message", message));
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }
}
