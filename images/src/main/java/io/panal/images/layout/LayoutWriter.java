package io.panal.images.layout;

import io.panal.images.manifest.Descriptor;
import io.panal.images.manifest.MediaType;
import io.panal.images.reference.Digest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.json.JsonMapper;

/// Writes one image into an empty directory: its layer, its configuration, then what names them.
public final class LayoutWriter {
    private final Path directory;

    public LayoutWriter(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory.resolve("blobs/sha256"));
    }

    /// A layer that was written.
    ///
    /// @param diffId of the tar before it was compressed
    public record Layer(Descriptor blob, Digest diffId) {}

    /// Compresses a tar stream with gzip; equal tars give equal layers.
    public Layer layer(InputStream tar) throws IOException {
        Path draft = Files.createTempFile(directory, "layer", "");
        MessageDigest plain = Digest.sha256();
        MessageDigest packed = Digest.sha256();
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(draft), 1 << 16);
                OutputStream gzip = new GZIPOutputStream(new DigestOutputStream(file, packed), 1 << 16);
                OutputStream sink = new DigestOutputStream(gzip, plain)) {
            tar.transferTo(sink);
        }
        Descriptor blob = new Descriptor(MediaType.OCI_LAYER_GZIP, Digest.finished(packed.digest()), Files.size(draft));
        Files.move(draft, OciLayout.file(directory, blob.digest()), StandardCopyOption.REPLACE_EXISTING);
        return new Layer(blob, Digest.finished(plain.digest()));
    }

    /// Writes configuration, manifest and index.
    ///
    /// @param config in the fields of the OCI image configuration; `rootfs` is added
    /// @param annotations of the manifest
    public OciLayout finish(Layer layer, Map<String, Object> config, Map<String, String> annotations)
            throws IOException {
        Map<String, Object> whole = new LinkedHashMap<>(config);
        Map<String, Object> files = new LinkedHashMap<>();
        files.put("type", "layers");
        files.put("diff_ids", List.of(layer.diffId.toString()));
        whole.put("rootfs", files);
        Descriptor configuration = blob(MediaType.OCI_CONFIG, whole);
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("schemaVersion", 2);
        manifest.put("mediaType", MediaType.OCI_MANIFEST);
        manifest.put("config", json(configuration));
        manifest.put("layers", List.of(json(layer.blob)));
        manifest.put("annotations", annotations);
        Descriptor image = blob(MediaType.OCI_MANIFEST, manifest);
        Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        Map<String, Object> index = new LinkedHashMap<>();
        index.put("schemaVersion", 2);
        index.put("mediaType", MediaType.OCI_INDEX);
        index.put("manifests", List.of(json(image)));
        Files.writeString(directory.resolve("index.json"), text(index));
        return OciLayout.open(directory);
    }

    private Descriptor blob(String mediaType, Map<String, Object> json) throws IOException {
        byte[] bytes = text(json).getBytes(StandardCharsets.UTF_8);
        Descriptor blob = Descriptor.of(mediaType, bytes);
        Files.write(OciLayout.file(directory, blob.digest()), bytes);
        return blob;
    }

    private static Map<String, Object> json(Descriptor descriptor) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("mediaType", descriptor.mediaType());
        fields.put("digest", descriptor.digest().toString());
        fields.put("size", descriptor.size());
        return fields;
    }

    private static String text(Map<String, Object> json) {
        return JsonMapper.shared().writeValueAsString(json);
    }
}
