package io.panal.node.images;

import io.panal.core.codec.Codec;
import io.panal.images.client.Credentials;
import java.io.IOException;
import java.util.Base64;
import tools.jackson.databind.JsonNode;

/// Docker's `X-Registry-Auth`: credentials as JSON in base 64 (RFC 4648, URL alphabet, with or without padding).
public final class RegistryAuth {
    private RegistryAuth() {}

    /// @param text empty, or `{}` in base 64, means nobody in particular
    /// @throws IOException when it is no such thing
    public static Credentials read(String text) throws IOException {
        if (text.isEmpty()) {
            return Credentials.anonymous();
        }
        try {
            byte[] json = Base64.getUrlDecoder()
                    .decode(text.replace('+', '-').replace('/', '_').strip());
            JsonNode tree = Codec.JSON.parse(json);
            return Credentials.of(
                    field(tree, "username"),
                    field(tree, "password"),
                    field(tree, "identitytoken"),
                    field(tree, "registrytoken"));
        } catch (IllegalArgumentException | Codec.Malformed invalid) {
            throw new IOException("invalid X-Registry-Auth header: " + invalid.getMessage(), invalid);
        }
    }

    private static String field(JsonNode tree, String name) {
        return tree.path(name).asString("");
    }
}
