package io.panal.images.manifest;

import io.panal.images.reference.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a registry keeps under a tag: one image, or an index of images by platform.
public sealed interface Manifest {
    /// More than this many bytes is refused, as other registries do.
    int LARGEST_BYTES = 4 << 20;

    /// The bytes as they came, which its digest names.
    Bytes bytes();

    /// What it is and which.
    Descriptor descriptor();

    /// What it belongs to, if it is an attachment (OCI `subject`).
    Optional<Descriptor> subject();

    /// The kind of attachment it is, empty if it says nothing.
    String artifactType();

    /// One image (or artifact): its configuration and its layers, lowest first.
    record Image(
            Bytes bytes,
            Descriptor descriptor,
            Optional<Descriptor> subject,
            String artifactType,
            Descriptor config,
            List<Descriptor> layers)
            implements Manifest {
        public Image {
            layers = List.copyOf(layers);
        }
    }

    /// Images by platform.
    record Index(
            Bytes bytes,
            Descriptor descriptor,
            Optional<Descriptor> subject,
            String artifactType,
            List<Descriptor> manifests)
            implements Manifest {
        public Index {
            manifests = List.copyOf(manifests);
        }

        /// The first image that the platform can run.
        public Optional<Descriptor> matching(Platform wanted) {
            return manifests.stream()
                    .filter(one -> one.platform().map(wanted::runs).orElse(false))
                    .findFirst();
        }
    }

    /// Reads a manifest, trusting its own `mediaType` first and the header's after that.
    ///
    /// @param contentType of the response or request that carried it; empty if there was none
    /// @throws IOException when it is no manifest that can be read
    static Manifest parse(byte[] bytes, String contentType) throws IOException {
        JsonNode json = json(bytes);
        String inner = json.path("mediaType").asString("");
        String type = inner.isEmpty() ? guess(json, contentType) : inner;
        JsonNode about = json.path("subject");
        Optional<Descriptor> subject = about.isObject() ? Optional.of(Descriptor.read(about)) : Optional.empty();
        Descriptor self = new Descriptor(
                type, Digest.of(bytes), bytes.length, Optional.empty(), false, Descriptor.annotationsOf(json));
        String artifactType = json.path("artifactType").asString("");
        if (MediaType.isIndex(type)) {
            return new Index(Bytes.copyOf(bytes), self, subject, artifactType, descriptors(json.path("manifests")));
        }
        if (MediaType.isManifest(type)) {
            Descriptor config = Descriptor.read(json.path("config"));
            String kind = artifactType.isEmpty() ? config.mediaType() : artifactType;
            return new Image(Bytes.copyOf(bytes), self, subject, kind, config, descriptors(json.path("layers")));
        }
        throw new IOException(
                json.path("schemaVersion").asInt(0) == 1
                        ? "Docker Image manifest version 2, schema 1 is not supported: push the image again with a current client"
                        : "unsupported manifest media type: " + (type.isEmpty() ? "none" : type));
    }

    private static JsonNode json(byte[] bytes) throws IOException {
        try {
            JsonNode json = JsonMapper.shared().readTree(bytes);
            if (json.isObject()) {
                return json;
            }
        } catch (JacksonException wrong) {
            throw new IOException("manifest is not JSON: " + wrong.getOriginalMessage(), wrong);
        }
        throw new IOException("manifest is not a JSON object");
    }

    private static String guess(JsonNode json, String contentType) {
        String plain = contentType.split(";", 2)[0].trim();
        if (MediaType.MANIFESTS.contains(plain)) {
            return plain;
        }
        // OCI leaves mediaType optional; what is inside tells the two apart.
        if (json.path("manifests").isArray()) {
            return MediaType.OCI_INDEX;
        }
        return json.path("layers").isArray() && json.path("schemaVersion").asInt(0) == 2
                ? MediaType.OCI_MANIFEST
                : plain;
    }

    private static List<Descriptor> descriptors(JsonNode array) throws IOException {
        List<Descriptor> descriptors = new ArrayList<>();
        for (JsonNode one : array) {
            descriptors.add(Descriptor.read(one));
        }
        return descriptors;
    }
}
