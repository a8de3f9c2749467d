package io.panal.node.containers;

import io.panal.containerd.content.Info;
import io.panal.containerd.content.InfoRequest;
import io.panal.containerd.content.UpdateRequest;
import io.panal.containerd.diff.ApplyRequest;
import io.panal.containerd.diff.DiffRequest;
import io.panal.containerd.leases.CreateRequest;
import io.panal.containerd.leases.DeleteRequest;
import io.panal.containerd.snapshots.CommitSnapshotRequest;
import io.panal.containerd.snapshots.PrepareSnapshotRequest;
import io.panal.containerd.snapshots.RemoveSnapshotRequest;
import io.panal.containerd.types.Descriptor;
import io.panal.containerd.types.Mount;
import io.panal.node.containers.ImageDocuments.Blob;
import io.panal.node.containers.ImageDocuments.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An image on its way into the store. What it wrote is safe from being collected until it is closed; from
/// [#complete] on its names keep it.
public final class ImageImport implements AutoCloseable {
    private static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final int PIECE_BYTES = 1 << 20;
    private static final Duration LONGEST = Duration.ofHours(24);

    private final Containerd containerd;
    private final ImageStore store;
    private final String lease = "panal-import-" + UUID.randomUUID();

    ImageImport(Containerd containerd, ImageStore store) throws ContainersException {
        this.containerd = containerd;
        this.store = store;
        var request = CreateRequest.newBuilder()
                .setId(lease)
                .putLabels(
                        "containerd.io/gc.expire", Instant.now().plus(LONGEST).toString())
                .build();
        var _ = Containerd.call(() -> containerd.leases().create(request));
    }

    /// Opens a blob for writing; ask [ContentWriter#isFinished] first: it may be there already.
    public ContentWriter write(String digest, long sizeBytes) throws ContainersException {
        return ContentWriter.open(Containerd.leased(containerd.contentStreams(), lease), digest, sizeBytes);
    }

    /// Writes a small blob at once.
    public void write(String digest, byte[] content) throws ContainersException {
        try (var writer = write(digest, content.length)) {
            if (!writer.isFinished()) {
                int start = (int) writer.offset();
                writer.write(content, start, content.length - start);
                writer.commit();
            }
        }
    }

    /// Unpacks the image and gives it its names. All its blobs must be written.
    ///
    /// @param names what the image is to be called, in full form
    /// @param root  digest of the manifest, or of the index that leads to it
    /// @param mediaType of `root`
    /// @param manifestDigest of the platform's manifest; equal to `root` where there is no index
    public StoredImage complete(List<String> names, String root, String mediaType, String manifestDigest)
            throws ContainersException {
        var manifestJson = store.readAll(manifestDigest);
        var manifest = ImageDocuments.manifest(manifestJson)
                .orElseThrow(() -> new ContainersException(
                        ContainersException.Reason.INVALID, "not the manifest of an image: " + manifestDigest));
        var configuration = ImageDocuments.configuration(
                manifest.configuration().digest(),
                store.readAll(manifest.configuration().digest()));
        if (configuration.layers().size() != manifest.layers().size()) {
            throw new ContainersException(
                    ContainersException.Reason.INVALID,
                    "manifest %s has %d layers, its configuration %d"
                            .formatted(
                                    manifestDigest,
                                    manifest.layers().size(),
                                    configuration.layers().size()));
        }
        label(manifestDigest, ImageDocuments.references(manifest));
        if (!root.equals(manifestDigest)) {
            var held = ImageDocuments.indexed(store.readAll(root)).stream()
                    .filter(blob -> blob.digest().equals(manifestDigest));
            label(root, ImageDocuments.references(held));
        }
        unpack(manifest, configuration);
        var target = Descriptor.newBuilder()
                .setMediaType(mediaType)
                .setDigest(root)
                .setSize(store.sizeOf(root))
                .build();
        for (var name : names) {
            store.name(name, target);
        }
        return store.describe(root);
    }

    /// Writes an archive as a layer.
    public ImageLayer layer(Path archive) throws IOException {
        long size = Files.size(archive);
        String digest;
        try (var in = Files.newInputStream(archive)) {
            digest = ImageDocuments.digest(in);
        }
        try (var writer = write(digest, size);
                var in = Files.newInputStream(archive)) {
            if (!writer.isFinished()) {
                in.skipNBytes(writer.offset());
                var piece = new byte[PIECE_BYTES];
                for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                    writer.write(piece, 0, count);
                }
                writer.commit();
            }
        }
        return new ImageLayer("application/vnd.oci.image.layer.v1.tar", digest, digest, size);
    }

    /// What lies in the mounts on the right and not in those on the left, as a layer.
    ImageLayer difference(List<Mount> left, List<Mount> right) throws ContainersException {
        var type = "application/vnd.oci.image.layer.v1.tar+gzip";
        var request = DiffRequest.newBuilder()
                .addAllLeft(left)
                .addAllRight(right)
                .setMediaType(type)
                .setRef(lease + "-diff")
                .build();
        var blob = Containerd.call(
                        () -> Containerd.leased(containerd.diff(), lease).diff(request))
                .getDiff();
        var about = InfoRequest.newBuilder().setDigest(blob.getDigest()).build();
        var unpacked = Containerd.call(() -> containerd.content().info(about).getInfo())
                .getLabelsOrDefault("containerd.io/uncompressed", blob.getDigest());
        return new ImageLayer(type, blob.getDigest(), unpacked, blob.getSize());
    }

    /// Makes an image of layers that are here.
    ///
    /// @param layers lowest first
    /// @param configuration but for its layers
    public StoredImage compose(List<ImageLayer> layers, ObjectNode configuration, List<String> names)
            throws ContainersException {
        var document = configuration.deepCopy();
        var root = document.putObject("rootfs");
        root.put("type", "layers");
        var digests = root.putArray("diff_ids");
        layers.forEach(layer -> digests.add(layer.unpacked()));
        return compose(layers, JsonMapper.shared().writeValueAsBytes(document), names);
    }

    /// Makes an image of layers that are here.
    ///
    /// @param layers lowest first
    /// @param config kept as it is, for its digest is the image's id
    public StoredImage compose(List<ImageLayer> layers, byte[] config, List<String> names) throws ContainersException {
        var manifest = JsonMapper.shared().createObjectNode();
        manifest.put("schemaVersion", 2);
        manifest.put("mediaType", OCI_MANIFEST);
        describe(manifest.putObject("config"), "application/vnd.oci.image.config.v1+json", config);
        var list = manifest.putArray("layers");
        for (var layer : layers) {
            list.addObject()
                    .put("mediaType", layer.mediaType())
                    .put("digest", layer.digest())
                    .put("size", layer.sizeBytes());
        }
        var bytes = JsonMapper.shared().writeValueAsBytes(manifest);
        write(ImageDocuments.digest(config), config);
        write(ImageDocuments.digest(bytes), bytes);
        return complete(names, ImageDocuments.digest(bytes), OCI_MANIFEST, ImageDocuments.digest(bytes));
    }

    private static void describe(ObjectNode descriptor, String mediaType, byte[] content) {
        descriptor.put("mediaType", mediaType);
        descriptor.put("digest", ImageDocuments.digest(content));
        descriptor.put("size", content.length);
    }

    private void unpack(Manifest manifest, ImageConfiguration configuration) throws ContainersException {
        var chain = ImageDocuments.chain(configuration.layers());
        for (int i = 0; i < chain.size(); i++) {
            if (!store.hasSnapshot(chain.get(i))) {
                var parent = i == 0 ? "" : chain.get(i - 1);
                unpack(manifest.layers().get(i), configuration.layers().get(i), parent, chain.get(i));
            }
        }
        if (!chain.isEmpty()) {
            label(
                    configuration.id(),
                    Map.of("containerd.io/gc.ref.snapshot." + Containerd.SNAPSHOTTER, chain.getLast()));
        }
    }

    private void unpack(Blob layer, String unpacked, String parent, String name) throws ContainersException {
        var key = "extract-" + UUID.randomUUID() + " " + name;
        var snapshots = Containerd.leased(containerd.snapshots(), lease);
        var prepare = PrepareSnapshotRequest.newBuilder()
                .setSnapshotter(Containerd.SNAPSHOTTER)
                .setKey(key)
                .setParent(parent)
                .build();
        var mounts = Containerd.call(() -> snapshots.prepare(prepare)).getMountsList();
        try {
            apply(layer, unpacked, ApplyRequest.newBuilder().addAllMounts(mounts));
            var commit = CommitSnapshotRequest.newBuilder()
                    .setSnapshotter(Containerd.SNAPSHOTTER)
                    .setKey(key)
                    .setName(name)
                    .build();
            var _ = Containerd.call(
                    () -> Containerd.leased(containerd.snapshots(), lease).commit(commit));
        } catch (ContainersException refused) {
            removeSnapshot(key);
            // Another import of the same layer was faster.
            if (refused.reason() != ContainersException.Reason.CONFLICT) {
                throw refused;
            }
        }
    }

    private void apply(Blob layer, String unpacked, ApplyRequest.Builder request) throws ContainersException {
        request.setDiff(Descriptor.newBuilder()
                .setMediaType(layer.mediaType())
                .setDigest(layer.digest())
                .setSize(layer.sizeBytes()));
        var applied = Containerd.call(
                () -> Containerd.leased(containerd.diff(), lease).apply(request.build()));
        if (!applied.getApplied().getDigest().equals(unpacked)) {
            throw new ContainersException(
                    ContainersException.Reason.INVALID,
                    "layer %s unpacks to %s, its image says %s"
                            .formatted(layer.digest(), applied.getApplied().getDigest(), unpacked));
        }
    }

    private void removeSnapshot(String key) throws ContainersException {
        var request = RemoveSnapshotRequest.newBuilder()
                .setSnapshotter(Containerd.SNAPSHOTTER)
                .setKey(key)
                .build();
        Containerd.remove(() -> containerd.snapshots().remove(request));
    }

    private void label(String digest, Map<String, String> labels) throws ContainersException {
        var request = UpdateRequest.newBuilder()
                .setInfo(Info.newBuilder().setDigest(digest).putAllLabels(labels));
        for (var label : labels.keySet()) {
            request.getUpdateMaskBuilder().addPaths("labels." + label);
        }
        var _ = Containerd.call(() -> containerd.content().update(request.build()));
    }

    /// Gives up the protection of what was written; blobs that no image uses are collected then.
    @Override
    public void close() throws ContainersException {
        var request = DeleteRequest.newBuilder().setId(lease).build();
        Containerd.remove(() -> containerd.leases().delete(request));
    }
}
