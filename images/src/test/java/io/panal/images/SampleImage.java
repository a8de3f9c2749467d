package io.panal.images;

import io.panal.images.manifest.Descriptor;
import io.panal.images.manifest.Manifest;
import io.panal.images.manifest.MediaType;
import io.panal.images.reference.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;

/// Images of random bytes: right in every digest, of no use to run.
public final class SampleImage {
    private SampleImage() {}

    /// Puts an image into the store.
    ///
    /// @param layerType media type of its layers, which are `sizes` bytes long
    public static Manifest.Image in(MemoryContent content, long seed, String layerType, int... sizes)
            throws IOException {
        Random random = new Random(seed);
        List<Map<String, Object>> layers = new ArrayList<>();
        for (int size : sizes) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            // Others look at the first bytes to learn how a layer is compressed.
            byte[] magic = HexFormat.of().parseHex(layerType.endsWith("zstd") ? "28b52ffd" : "1f8b0800");
            System.arraycopy(magic, 0, bytes, 0, Math.min(size, magic.length));
            layers.add(put(content, layerType, bytes));
        }
        byte[] config =
                JsonMapper.shared().writeValueAsBytes(Map.of("os", "linux", "architecture", "amd64", "seed", seed));
        return (Manifest.Image) manifest(
                content,
                Map.of(
                        "schemaVersion",
                        2,
                        "mediaType",
                        MediaType.OCI_MANIFEST,
                        "config",
                        put(content, MediaType.OCI_CONFIG, config),
                        "layers",
                        layers));
    }

    public static Manifest manifest(MemoryContent content, Map<String, Object> json) throws IOException {
        byte[] bytes = JsonMapper.shared().writeValueAsBytes(json);
        Manifest manifest = Manifest.parse(bytes, "");
        content.blobs.put(manifest.descriptor().digest(), bytes);
        return manifest;
    }

    private static Map<String, Object> put(MemoryContent content, String type, byte[] bytes) {
        Digest digest = Digest.of(bytes);
        content.blobs.put(digest, bytes);
        return json(new Descriptor(type, digest, bytes.length));
    }

    public static Map<String, Object> json(Descriptor one) {
        return Map.of("mediaType", one.mediaType(), "digest", one.digest().toString(), "size", one.size());
    }
}
