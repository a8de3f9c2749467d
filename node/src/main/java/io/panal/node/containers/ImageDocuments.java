package io.panal.node.containers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the documents of an image: manifest and configuration, in OCI's and docker's spelling.
///
/// Source: opencontainers/image-spec, `manifest.md` and `config.md`; docker's health check is an addition to it.
final class ImageDocuments {
    /// A blob as a manifest names it.
    record Blob(String mediaType, String digest, long sizeBytes) {}

    /// A manifest of one platform.
    record Manifest(Blob configuration, List<Blob> layers) {
        long sizeBytes() {
            return configuration.sizeBytes()
                    + layers.stream().mapToLong(Blob::sizeBytes).sum();
        }
    }

    private ImageDocuments() {}

    /// @return empty when the document is an index, which has no configuration of its own
    static Optional<Manifest> manifest(byte[] json) {
        var tree = JsonMapper.shared().readTree(json);
        if (!tree.has("config")) {
            return Optional.empty();
        }
        var layers = new ArrayList<Blob>();
        for (var layer : tree.path("layers")) {
            layers.add(blob(layer));
        }
        return Optional.of(new Manifest(blob(tree.path("config")), List.copyOf(layers)));
    }

    /// The manifests an index names.
    static List<Blob> indexed(byte[] json) {
        return JsonMapper.shared()
                .readTree(json)
                .path("manifests")
                .valueStream()
                .map(ImageDocuments::blob)
                .toList();
    }

    private static Blob blob(JsonNode node) {
        return new Blob(
                node.path("mediaType").asString(""),
                node.path("digest").asString(""),
                node.path("size").asLong(0));
    }

    static ImageConfiguration configuration(String digest, byte[] json) {
        var tree = JsonMapper.shared().readTree(json);
        var config = tree.path("config");
        return new ImageConfiguration(
                digest,
                tree.path("architecture").asString(""),
                tree.path("os").asString(""),
                tree.path("created").asString(""),
                strings(tree.path("rootfs").path("diff_ids")),
                process(config),
                config.path("ExposedPorts")
                        .propertyStream()
                        .map(Map.Entry::getKey)
                        .toList(),
                config.path("Volumes").propertyStream().map(Map.Entry::getKey).toList(),
                texts(config.path("Labels")),
                health(config.path("Healthcheck")),
                new String(json, StandardCharsets.UTF_8));
    }

    private static ImageConfiguration.ImageProcess process(JsonNode config) {
        return new ImageConfiguration.ImageProcess(
                strings(config.path("Entrypoint")),
                strings(config.path("Cmd")),
                strings(config.path("Env")),
                config.path("WorkingDir").asString(""),
                config.path("User").asString(""),
                config.path("StopSignal").asString(""));
    }

    private static Optional<HealthPlan> health(JsonNode node) {
        if (!node.has("Test")) {
            return Optional.empty();
        }
        return Optional.of(new HealthPlan(
                strings(node.path("Test")),
                Duration.ofNanos(node.path("Interval").asLong(0)),
                Duration.ofNanos(node.path("Timeout").asLong(0)),
                Duration.ofNanos(node.path("StartPeriod").asLong(0)),
                Duration.ofNanos(node.path("StartInterval").asLong(0)),
                node.path("Retries").asInt(0)));
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    private static Map<String, String> texts(JsonNode object) {
        var texts = new LinkedHashMap<String, String>();
        object.propertyStream()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asString()));
        return texts;
    }

    /// The name of each layer's snapshot, which says what lies below it too.
    ///
    /// Source: image-spec `config.md`, "Layer ChainID".
    static List<String> chain(List<String> layers) {
        var chain = new ArrayList<String>();
        for (var layer : layers) {
            chain.add(
                    chain.isEmpty() ? layer : digest((chain.getLast() + " " + layer).getBytes(StandardCharsets.UTF_8)));
        }
        return List.copyOf(chain);
    }

    static String digest(byte[] content) {
        return "sha256:" + HexFormat.of().formatHex(sha256().digest(content));
    }

    static String digest(InputStream content) throws IOException {
        var sha = sha256();
        var piece = new byte[1 << 16];
        for (int count = content.read(piece); count >= 0; count = content.read(piece)) {
            sha.update(piece, 0, count);
        }
        return "sha256:" + HexFormat.of().formatHex(sha.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java has SHA-256", absent);
        }
    }

    /// What a document's blob keeps from being collected, as containerd's labels.
    static Map<String, String> references(Manifest manifest) {
        var labels = new LinkedHashMap<String, String>();
        labels.put(
                "containerd.io/gc.ref.content.config", manifest.configuration().digest());
        int number = 0;
        for (var layer : manifest.layers()) {
            labels.put("containerd.io/gc.ref.content.l." + number++, layer.digest());
        }
        return labels;
    }

    /// As [#references], for an index: those of its manifests that we hold.
    static Map<String, String> references(Stream<Blob> held) {
        var labels = new LinkedHashMap<String, String>();
        held.forEach(blob -> labels.put("containerd.io/gc.ref.content.m." + labels.size(), blob.digest()));
        return labels;
    }
}
