package io.panal.node.engine;

import io.panal.core.api.ApiResult;
import io.panal.core.api.SyntaxErrors;
import io.panal.core.codec.Codec;
import io.panal.node.http.Call;
import io.panal.node.http.Exchange;
import io.panal.node.http.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads JSON bodies and writes JSON answers.
final class Replies {
    private Replies() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static void json(Call call, int status, Object value) throws IOException {
        byte[] json = Codec.JSON.write(value);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        call.exchange().respondJson(status, line);
    }

    static void empty(Call call, int status) throws IOException {
        call.exchange().respondEmpty(status);
    }

    static void answer(Call call, ApiResult.Answered answered) throws IOException {
        Optional<JsonNode> body = answered.body();
        if (body.isPresent()) {
            json(call, answered.status(), body.get());
        } else {
            empty(call, answered.status());
        }
    }

    /// The body as text, which must say that it is JSON where it says what it is.
    static String text(Call call) throws IOException {
        String type = call.exchange().header("Content-Type").orElse("");
        byte[] body = call.exchange().bodyBytes();
        String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (body.length > 0 && !media.isEmpty() && !media.equals(Exchange.JSON)) {
            throw new Refusal(400, "unsupported Content-Type header (%s): must be 'application/json'".formatted(type));
        }
        return new String(body, StandardCharsets.UTF_8);
    }

    /// The body as an object; one that is empty or `null` counts as `{}`.
    static ObjectNode body(Call call) throws IOException {
        String text = text(call);
        if (text.isBlank()) {
            return object();
        }
        Optional<String> wrong = SyntaxErrors.of(text);
        if (wrong.isPresent()) {
            throw new Refusal(400, wrong.get());
        }
        try {
            JsonNode tree = Codec.JSON.parse(text.getBytes(StandardCharsets.UTF_8));
            if (tree instanceof ObjectNode object) {
                return object;
            }
            if (tree.isNull()) {
                return object();
            }
            throw new Refusal(400, "the body must be a JSON object");
        } catch (Codec.Malformed malformed) {
            throw new Refusal(400, String.valueOf(malformed.getMessage()));
        }
    }
}
