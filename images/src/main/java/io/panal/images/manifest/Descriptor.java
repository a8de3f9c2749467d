package io.panal.images.manifest;

import io.panal.images.reference.Digest;
import io.panal.images.reference.InvalidReferenceException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A pointer to some bytes: what they are, which, and how many.
///
/// @param size in bytes
/// @param platform given in an index only
/// @param isForeign kept outside of registries (it has `urls`), so neither pulled nor pushed
public record Descriptor(
        String mediaType,
        Digest digest,
        long size,
        Optional<Platform> platform,
        boolean isForeign,
        Map<String, String> annotations) {
    public Descriptor {
        annotations = Map.copyOf(annotations);
    }

    /// A plain pointer.
    public Descriptor(String mediaType, Digest digest, long size) {
        this(mediaType, digest, size, Optional.empty(), false, Map.of());
    }

    /// A pointer to these very bytes.
    public static Descriptor of(String mediaType, byte[] bytes) {
        return new Descriptor(mediaType, Digest.of(bytes), bytes.length);
    }

    static Descriptor read(JsonNode json) throws IOException {
        try {
            long size = json.path("size").asLong(-1);
            if (size < 0) {
                throw new IOException("descriptor without a size: " + json);
            }
            return new Descriptor(
                    json.path("mediaType").asString(""),
                    Digest.parse(json.path("digest").asString("")),
                    size,
                    platform(json.path("platform")),
                    !json.path("urls").isEmpty(),
                    annotationsOf(json));
        } catch (InvalidReferenceException wrong) {
            throw new IOException("descriptor with a wrong digest: " + wrong.getMessage() + ": " + json, wrong);
        }
    }

    private static Optional<Platform> platform(JsonNode json) {
        if (!json.isObject()) {
            return Optional.empty();
        }
        return Optional.of(new Platform(
                json.path("os").asString(""),
                json.path("architecture").asString(""),
                json.path("variant").asString("")));
    }

    static Map<String, String> annotationsOf(JsonNode json) {
        Map<String, String> annotations = new LinkedHashMap<>();
        json.path("annotations")
                .propertyStream()
                .forEachOrdered(entry ->
                        annotations.put(entry.getKey(), entry.getValue().asString("")));
        return annotations;
    }
}
