package io.panal.node.images;

import io.panal.images.archive.TarEntry;
import io.panal.images.archive.TarWriter;
import io.panal.images.manifest.MediaType;
import io.panal.images.reference.Digest;
import io.panal.images.reference.Reference;
import io.panal.node.containers.ImageLayer;
import io.panal.node.containers.ImageStore;
import io.panal.node.containers.StoredImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes images as an archive that is both an OCI layout and what every `docker load` reads.
///
/// Layers are unzipped, so that each is called by the digest that its image's configuration knows it by.
///
/// Source: moby's `image/tarexport/save.go` as of Docker 25.
public final class ArchiveSave {
    private final ImageStore store;
    private final TarWriter tar;
    private final Set<String> written = new HashSet<>();
    private final ArrayNode manifests = JsonMapper.shared().createArrayNode();
    private final ArrayNode list = JsonMapper.shared().createArrayNode();
    private final ObjectNode repositories = JsonMapper.shared().createObjectNode();

    private ArchiveSave(ImageStore store, TarWriter tar) {
        this.store = store;
        this.tar = tar;
    }

    /// An image that is to be written.
    ///
    /// @param tags that it is to keep
    public record Wanted(StoredImage image, List<Reference> tags) {
        public Wanted {
            tags = List.copyOf(tags);
        }
    }

    /// Writes them all; what they have in common once.
    public static void save(ImageStore store, List<Wanted> images, OutputStream out) throws IOException {
        try (TarWriter tar = new TarWriter(out)) {
            ArchiveSave save = new ArchiveSave(store, tar);
            save.folder("blobs");
            save.folder("blobs/sha256");
            for (Wanted image : images) {
                save.image(image);
            }
            save.finish();
        }
    }

    private void folder(String name) throws IOException {
        tar.add(TarEntry.directory(name, 0755, TarEntry.Owner.ROOT, Instant.EPOCH));
    }

    private void file(String name, byte[] content) throws IOException {
        file(name, content.length, new ByteArrayInputStream(content));
    }

    private void file(String name, long sizeBytes, InputStream content) throws IOException {
        tar.add(TarEntry.file(name, 0644, TarEntry.Owner.ROOT, Instant.EPOCH, sizeBytes), content);
    }

    private static String path(String digest) {
        return "blobs/" + digest.replace(':', '/');
    }

    private void image(Wanted wanted) throws IOException {
        StoredImage image = wanted.image();
        byte[] configuration = image.configuration().source().getBytes(StandardCharsets.UTF_8);
        List<ImageLayer> layers = new ArrayList<>();
        for (ImageLayer layer : store.layers(image)) {
            layers.add(layer(layer));
        }
        blob(image.configuration().id(), configuration);
        byte[] manifest = manifest(image.configuration().id(), configuration.length, layers);
        String digest = Digest.of(manifest).toString();
        blob(digest, manifest);
        if (wanted.tags().isEmpty()) {
            describe(manifests.addObject(), MediaType.OCI_MANIFEST, digest, manifest.length);
        }
        for (Reference tag : wanted.tags()) {
            ObjectNode one = manifests.addObject();
            describe(one, MediaType.OCI_MANIFEST, digest, manifest.length);
            String name = tag.tag().orElse("latest");
            one.putObject("annotations")
                    .put("io.containerd.image.name", tag.toString())
                    .put("org.opencontainers.image.ref.name", name);
            String top = layers.isEmpty() ? "" : layers.getLast().digest();
            repositories.withObjectProperty(tag.familiarName()).put(name, top.replaceFirst("^sha256:", ""));
        }
        list(wanted, layers);
    }

    /// The image in `manifest.json`, which older programs read.
    private void list(Wanted wanted, List<ImageLayer> layers) {
        ObjectNode one = list.addObject();
        one.put("Config", path(wanted.image().configuration().id()));
        if (wanted.tags().isEmpty()) {
            one.putNull("RepoTags");
        } else {
            ArrayNode tags = one.putArray("RepoTags");
            wanted.tags().forEach(tag -> tags.add(tag.familiar()));
        }
        ArrayNode paths = one.putArray("Layers");
        ObjectNode sources = JsonMapper.shared().createObjectNode();
        for (ImageLayer layer : layers) {
            paths.add(path(layer.digest()));
            describe(sources.putObject(layer.unpacked()), layer.mediaType(), layer.digest(), layer.sizeBytes());
        }
        one.set("LayerSources", sources);
    }

    private void blob(String digest, byte[] content) throws IOException {
        if (written.add(digest)) {
            file(path(digest), content);
        }
    }

    /// Writes a layer, unless it is there.
    ///
    /// @return as it was written
    private ImageLayer layer(ImageLayer layer) throws IOException {
        boolean zipped = layer.mediaType().endsWith("gzip");
        long size = zipped ? plainSize(layer) : layer.sizeBytes();
        ImageLayer plain =
                zipped ? new ImageLayer(MediaType.OCI_LAYER, layer.unpacked(), layer.unpacked(), size) : layer;
        if (written.add(plain.digest())) {
            try (InputStream in = open(layer, zipped)) {
                file(path(plain.digest()), size, in);
            }
        }
        return plain;
    }

    private InputStream open(ImageLayer layer, boolean zipped) throws IOException {
        InputStream blob = store.open(layer.digest(), 0);
        return zipped ? new GZIPInputStream(blob, 1 << 16) : blob;
    }

    /// An archive says how long a file is before it comes.
    private long plainSize(ImageLayer layer) throws IOException {
        try (InputStream in = open(layer, true)) {
            return in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static byte[] manifest(String configuration, long sizeBytes, List<ImageLayer> layers) {
        ObjectNode manifest = JsonMapper.shared().createObjectNode();
        manifest.put("schemaVersion", 2);
        manifest.put("mediaType", MediaType.OCI_MANIFEST);
        describe(manifest.putObject("config"), MediaType.OCI_CONFIG, configuration, sizeBytes);
        ArrayNode all = manifest.putArray("layers");
        layers.forEach(layer -> describe(all.addObject(), layer.mediaType(), layer.digest(), layer.sizeBytes()));
        return JsonMapper.shared().writeValueAsBytes(manifest);
    }

    private static void describe(ObjectNode node, String mediaType, String digest, long sizeBytes) {
        node.put("mediaType", mediaType);
        node.put("digest", digest);
        node.put("size", sizeBytes);
    }

    private void finish() throws IOException {
        ObjectNode index = JsonMapper.shared().createObjectNode();
        index.put("schemaVersion", 2);
        index.put("mediaType", MediaType.OCI_INDEX);
        index.set("manifests", manifests);
        file("index.json", JsonMapper.shared().writeValueAsBytes(index));
        file("manifest.json", JsonMapper.shared().writeValueAsBytes(list));
        file("oci-layout", "{\"imageLayoutVersion\": \"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
        if (!repositories.isEmpty()) {
            file("repositories", JsonMapper.shared().writeValueAsBytes(repositories));
        }
    }
}
