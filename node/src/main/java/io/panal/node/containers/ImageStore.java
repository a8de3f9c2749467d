package io.panal.node.containers;

import io.panal.containerd.content.InfoRequest;
import io.panal.containerd.content.ReadContentRequest;
import io.panal.containerd.images.CreateImageRequest;
import io.panal.containerd.images.DeleteImageRequest;
import io.panal.containerd.images.Image;
import io.panal.containerd.images.ListImagesRequest;
import io.panal.containerd.images.UpdateImageRequest;
import io.panal.containerd.snapshots.StatSnapshotRequest;
import io.panal.containerd.snapshots.UsageRequest;
import io.panal.containerd.types.Descriptor;
import io.panal.node.containers.ImageDocuments.Manifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// The images on this host: names, blobs and unpacked layers, all in containerd.
///
/// A name is kept as it is given: what a short name means is for the caller to say. Safe for any number of threads.
public final class ImageStore {
    /// How the names of what single steps of builds made begin; no registry knows them.
    public static final String BUILD_STEP = "step.build.internal/";

    /// How the name of an image without one begins.
    public static final String UNNAMED = "none.build.internal/";

    private static final int LARGEST_DOCUMENT_BYTES = 16 << 20;

    private final Containerd containerd;
    /// Only we write names into our namespace, so what they mean can be kept here.
    private final Map<String, Descriptor> names = new ConcurrentHashMap<>();

    /// By digest of manifest or index: it never changes.
    private final Map<String, Described> described = new ConcurrentHashMap<>();

    private record Described(Manifest manifest, ImageConfiguration configuration, Instant created) {}

    ImageStore(Containerd containerd) throws ContainersException {
        this.containerd = containerd;
        var list = ListImagesRequest.getDefaultInstance();
        for (var image : Containerd.call(() -> containerd.images().list(list)).getImagesList()) {
            names.put(image.getName(), image.getTarget());
        }
    }

    /// Begins to bring an image in.
    public ImageImport begin() throws ContainersException {
        return new ImageImport(containerd, this);
    }

    /// Whether a name is only for our own finding again.
    public static boolean isInternal(String name) {
        return name.startsWith(BUILD_STEP) || name.startsWith(UNNAMED);
    }

    /// An image's layers, lowest first, as OCI's manifests name them.
    public List<ImageLayer> layers(StoredImage image) throws ContainersException {
        var known = described.get(image.digest());
        var manifest = known == null ? load(image.digest()).manifest() : known.manifest();
        var layers = new ArrayList<ImageLayer>();
        for (int i = 0; i < manifest.layers().size(); i++) {
            var blob = manifest.layers().get(i);
            var unpacked = image.configuration().layers().get(i);
            layers.add(new ImageLayer(blob.mediaType(), blob.digest(), unpacked, blob.sizeBytes()).asOci());
        }
        return List.copyOf(layers);
    }

    /// Whether an image has this name.
    public boolean has(String name) {
        return names.containsKey(name);
    }

    /// The image of this name.
    public Optional<StoredImage> find(String name) throws ContainersException {
        var target = names.get(name);
        return target == null ? Optional.empty() : Optional.of(describe(target.getDigest()));
    }

    /// All images, by digest.
    public List<StoredImage> list() throws ContainersException {
        var images = new ArrayList<StoredImage>();
        for (var digest : namesByDigest().keySet()) {
            images.add(describe(digest));
        }
        return List.copyOf(images);
    }

    /// Gives an image one more name, or a name another image.
    public void tag(String name, String otherName) throws ContainersException {
        var target = names.get(name);
        if (target == null) {
            throw missing(name);
        }
        name(otherName, target);
    }

    /// Takes a name away. With an image's last name its blobs and layers go too, as far as nothing else uses them.
    public void remove(String name) throws ContainersException {
        if (names.remove(name) == null) {
            throw missing(name);
        }
        var request =
                DeleteImageRequest.newBuilder().setName(name).setSync(true).build();
        Containerd.remove(() -> containerd.images().delete(request));
        described.keySet().retainAll(namesByDigest().keySet());
    }

    /// Length of a blob, if it is here in whole.
    public Optional<Long> size(String digest) throws ContainersException {
        try {
            return Optional.of(sizeOf(digest));
        } catch (ContainersException refused) {
            if (refused.reason() == ContainersException.Reason.MISSING) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /// Copies a blob out.
    public void read(String digest, OutputStream out) throws IOException {
        var request = ReadContentRequest.newBuilder().setDigest(digest).build();
        try {
            var pieces = containerd.content().read(request);
            while (pieces.hasNext()) {
                pieces.next().getData().writeTo(out);
            }
        } catch (io.grpc.StatusRuntimeException refused) {
            throw new ContainersException(refused);
        }
    }

    /// A blob's bytes from an offset on, fetched as they are read.
    public InputStream open(String digest, long offset) {
        var request = ReadContentRequest.newBuilder()
                .setDigest(digest)
                .setOffset(offset)
                .build();
        return new BlobInput(containerd.content().read(request));
    }

    /// A blob that is a document, at most 16 MiB.
    public byte[] readAll(String digest) throws ContainersException {
        if (sizeOf(digest) > LARGEST_DOCUMENT_BYTES) {
            throw new ContainersException(ContainersException.Reason.INVALID, "not a document, too large: " + digest);
        }
        var out = new ByteArrayOutputStream();
        try {
            read(digest, out);
        } catch (ContainersException refused) {
            throw refused;
        } catch (IOException impossible) {
            throw new IllegalStateException("writing to memory failed", impossible);
        }
        return out.toByteArray();
    }

    long sizeOf(String digest) throws ContainersException {
        var request = InfoRequest.newBuilder().setDigest(digest).build();
        return Containerd.call(
                () -> containerd.content().info(request).getInfo().getSize());
    }

    /// Of an image's files, all layers together.
    public long unpackedBytes(StoredImage image) throws ContainersException {
        long size = 0;
        for (String name : ImageDocuments.chain(image.configuration().layers())) {
            var request = UsageRequest.newBuilder()
                    .setSnapshotter(Containerd.SNAPSHOTTER)
                    .setKey(name)
                    .build();
            size += Containerd.call(() -> containerd.snapshots().usage(request).getSize());
        }
        return size;
    }

    boolean hasSnapshot(String name) throws ContainersException {
        var request = StatSnapshotRequest.newBuilder()
                .setSnapshotter(Containerd.SNAPSHOTTER)
                .setKey(name)
                .build();
        try {
            var _ = Containerd.call(() -> containerd.snapshots().stat(request));
            return true;
        } catch (ContainersException refused) {
            if (refused.reason() == ContainersException.Reason.MISSING) {
                return false;
            }
            throw refused;
        }
    }

    void name(String name, Descriptor target) throws ContainersException {
        var image = Image.newBuilder().setName(name).setTarget(target).build();
        var create = CreateImageRequest.newBuilder().setImage(image).build();
        try {
            var _ = Containerd.call(() -> containerd.images().create(create));
        } catch (ContainersException refused) {
            if (refused.reason() != ContainersException.Reason.CONFLICT) {
                throw refused;
            }
            var update = UpdateImageRequest.newBuilder().setImage(image);
            update.getUpdateMaskBuilder().addPaths("target");
            var _ = Containerd.call(() -> containerd.images().update(update.build()));
        }
        names.put(name, target);
    }

    StoredImage describe(String digest) throws ContainersException {
        var known = described.get(digest);
        if (known == null) {
            known = load(digest);
            described.put(digest, known);
        }
        var itsNames = namesByDigest().getOrDefault(digest, List.of());
        return new StoredImage(itsNames, digest, known.manifest.sizeBytes(), known.created, known.configuration);
    }

    private Described load(String digest) throws ContainersException {
        var document = readAll(digest);
        var manifest = ImageDocuments.manifest(document);
        if (manifest.isEmpty()) {
            for (var blob : ImageDocuments.indexed(document)) {
                if (size(blob.digest()).isPresent()) {
                    return load(blob.digest());
                }
            }
            throw new ContainersException(ContainersException.Reason.MISSING, "no manifest is here of index " + digest);
        }
        var id = manifest.get().configuration().digest();
        var configuration = ImageDocuments.configuration(id, readAll(id));
        return new Described(manifest.get(), configuration, createdAt(configuration));
    }

    /// Some builders leave the time out, or write what is none.
    private static Instant createdAt(ImageConfiguration configuration) {
        try {
            return configuration.created().isEmpty() ? Instant.EPOCH : Instant.parse(configuration.created());
        } catch (DateTimeParseException _) {
            return Instant.EPOCH;
        }
    }

    private Map<String, List<String>> namesByDigest() {
        var byDigest = new TreeMap<String, List<String>>();
        new TreeMap<>(names)
                .forEach((name, target) -> byDigest.computeIfAbsent(target.getDigest(), _ -> new ArrayList<>())
                        .add(name));
        return byDigest;
    }

    private static ContainersException missing(String name) {
        return new ContainersException(ContainersException.Reason.MISSING, "No such image: " + name);
    }
}
