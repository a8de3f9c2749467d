package io.panal.node.images;

import io.panal.images.manifest.Descriptor;
import io.panal.images.manifest.Manifest;
import io.panal.images.manifest.MediaType;
import io.panal.images.manifest.Platform;
import io.panal.images.reference.Digest;
import io.panal.images.reference.InvalidReferenceException;
import io.panal.images.reference.Reference;
import io.panal.node.containers.ContentWriter;
import io.panal.node.containers.ImageImport;
import io.panal.node.containers.ImageLayer;
import io.panal.node.containers.ImageStore;
import io.panal.node.containers.StoredImage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Brings the images of an archive into the store: one that `docker save` wrote, old or new, or an OCI layout.
///
/// Source: moby's `image/tarexport/load.go`; opencontainers/image-spec, `image-layout.md`.
public final class ArchiveLoad {
    private static final int PIECE_BYTES = 1 << 16;
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

    private final ImageStore store;
    private final ArchiveFiles files;

    private ArchiveLoad(ImageStore store, ArchiveFiles files) {
        this.store = store;
        this.files = files;
    }

    /// An image that came.
    ///
    /// @param tags that it was given; empty for one without a name
    public record Loaded(StoredImage image, List<Reference> tags) {
        public Loaded {
            tags = List.copyOf(tags);
        }
    }

    /// @param archive not compressed
    /// @throws IOException with words for the user when it is none of images
    public static List<Loaded> load(ImageStore store, Path archive) throws IOException {
        ArchiveFiles files = ArchiveFiles.index(archive);
        ArchiveLoad load = new ArchiveLoad(store, files);
        try {
            if (files.find("manifest.json").isPresent()) {
                return load.ofDocker(json(files.document("manifest.json")));
            }
            if (files.find("index.json").isPresent()) {
                return load.ofLayout(files.document("index.json"));
            }
        } catch (JacksonException wrong) {
            throw new IOException("invalid archive: " + wrong.getOriginalMessage(), wrong);
        }
        throw new IOException("invalid archive: does not contain a manifest.json");
    }

    private static JsonNode json(byte[] bytes) {
        return JsonMapper.shared().readTree(bytes);
    }

    private List<Loaded> ofDocker(JsonNode list) throws IOException {
        List<Loaded> all = new ArrayList<>();
        for (JsonNode one : list) {
            byte[] configuration = files.document(one.path("Config").asString(""));
            List<Reference> tags = tags(one.path("RepoTags")
                    .valueStream()
                    .map(tag -> tag.asString(""))
                    .toList());
            List<String> paths = one.path("Layers")
                    .valueStream()
                    .map(path -> path.asString(""))
                    .toList();
            JsonNode unpacked = json(configuration).path("rootfs").path("diff_ids");
            if (unpacked.size() != paths.size()) {
                throw new IOException("invalid manifest, layers length mismatch: expected %d, got %d"
                        .formatted(paths.size(), unpacked.size()));
            }
            try (ImageImport making = store.begin()) {
                List<ImageLayer> layers = new ArrayList<>();
                for (int i = 0; i < paths.size(); i++) {
                    layers.add(layer(making, paths.get(i), unpacked.path(i).asString("")));
                }
                StoredImage image = making.compose(
                        layers, configuration, names(Digest.of(configuration).toString(), tags));
                all.add(new Loaded(image, tags));
            }
        }
        return all;
    }

    private static List<Reference> tags(List<String> texts) throws IOException {
        List<Reference> tags = new ArrayList<>();
        for (String text : texts) {
            try {
                tags.add(Reference.parse(text).taggedByDefault());
            } catch (InvalidReferenceException wrong) {
                throw new IOException("invalid tag %s: %s".formatted(text, wrong.getMessage()), wrong);
            }
        }
        return tags;
    }

    /// Those that it has not yet: one without a tag a name of ours, and who had a tag before is kept under one too.
    private List<String> names(String id, List<Reference> tags) throws IOException {
        List<String> names = new ArrayList<>();
        for (Reference tag : tags) {
            String name = LocalImages.storeName(tag);
            Optional<StoredImage> before = store.find(name);
            boolean same =
                    before.isPresent() && before.get().configuration().id().equals(id);
            if (!same && before.isPresent() && before.get().names().size() == 1) {
                store.tag(name, ImageStore.UNNAMED + UUID.randomUUID());
            }
            if (!same) {
                names.add(name);
            }
        }
        if (names.isEmpty()
                && store.list().stream()
                        .noneMatch(image -> image.configuration().id().equals(id))) {
            names.add(ImageStore.UNNAMED + UUID.randomUUID());
        }
        return names;
    }

    private ImageLayer layer(ImageImport making, String path, String unpacked) throws IOException {
        ArchiveFiles.Place place = files.require(path);
        MessageDigest sha = Digest.sha256();
        byte[] piece = new byte[PIECE_BYTES];
        String type = MediaType.OCI_LAYER;
        try (InputStream in = files.open(place)) {
            for (long left = place.sizeBytes(); left > 0; ) {
                int count = read(in, piece, left);
                if (left == place.sizeBytes()) {
                    type = type(piece, count);
                }
                sha.update(piece, 0, count);
                left -= count;
            }
        }
        String digest = "sha256:" + HexFormat.of().formatHex(sha.digest());
        blob(making, place, digest);
        return new ImageLayer(type, digest, unpacked, place.sizeBytes());
    }

    private static int read(InputStream in, byte[] piece, long left) throws IOException {
        int count = in.readNBytes(piece, 0, (int) Math.min(piece.length, left));
        if (count == 0) {
            throw new EOFException("unexpected EOF");
        }
        return count;
    }

    private static String type(byte[] head, int count) {
        if (count >= GZIP.length && Arrays.equals(head, 0, GZIP.length, GZIP, 0, GZIP.length)) {
            return MediaType.OCI_LAYER_GZIP;
        }
        return count >= ZSTD.length && Arrays.equals(head, 0, ZSTD.length, ZSTD, 0, ZSTD.length)
                ? MediaType.OCI_LAYER_ZSTD
                : MediaType.OCI_LAYER;
    }

    private void blob(ImageImport making, ArchiveFiles.Place place, String digest) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        try (ContentWriter writer = making.write(digest, place.sizeBytes());
                InputStream in = files.open(place)) {
            if (!writer.isFinished()) {
                in.skipNBytes(writer.offset());
                for (long left = place.sizeBytes() - writer.offset(); left > 0; ) {
                    int count = read(in, piece, left);
                    writer.write(piece, 0, count);
                    left -= count;
                }
                writer.commit();
            }
        }
    }

    private List<Loaded> ofLayout(byte[] index) throws IOException {
        List<Loaded> all = new ArrayList<>();
        if (Manifest.parse(index, MediaType.OCI_INDEX) instanceof Manifest.Index images) {
            for (Descriptor one : images.manifests()) {
                all.add(image(one, one));
            }
        }
        return all;
    }

    /// @param named in the layout's own index
    private Loaded image(Descriptor named, Descriptor one) throws IOException {
        byte[] bytes = files.document(path(one.digest()));
        return switch (Manifest.parse(bytes, one.mediaType())) {
            case Manifest.Index platforms -> {
                Descriptor own = platforms
                        .matching(Platform.here())
                        .orElseThrow(() ->
                                new IOException("no image for %s in %s".formatted(Platform.here(), one.digest())));
                yield image(named, own);
            }
            case Manifest.Image image -> complete(named, image, bytes);
        };
    }

    private static String path(Digest digest) {
        return "blobs/%s/%s".formatted(digest.algorithm(), digest.hex());
    }

    private Loaded complete(Descriptor named, Manifest.Image image, byte[] manifest) throws IOException {
        String name = named.annotations().getOrDefault("io.containerd.image.name", "");
        String reference = named.annotations().getOrDefault("org.opencontainers.image.ref.name", "");
        boolean whole = reference.contains("/") || reference.contains(":");
        List<Reference> tags = tags(name.isEmpty() ? whole ? List.of(reference) : List.of() : List.of(name));
        String digest = image.descriptor().digest().toString();
        try (ImageImport making = store.begin()) {
            for (Descriptor layer : image.layers()) {
                blob(making, files.require(path(layer.digest())), layer.digest().toString());
            }
            Digest configuration = image.config().digest();
            making.write(configuration.toString(), files.document(path(configuration)));
            making.write(digest, manifest);
            List<String> names = names(configuration.toString(), tags);
            return new Loaded(making.complete(names, digest, image.descriptor().mediaType(), digest), tags);
        }
    }
}
