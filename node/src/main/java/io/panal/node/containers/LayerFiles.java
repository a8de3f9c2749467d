package io.panal.node.containers;

import io.panal.containerd.snapshots.RemoveSnapshotRequest;
import io.panal.containerd.snapshots.ViewSnapshotRequest;
import io.panal.containerd.types.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Reads an image's files where its layers lie, without mounting them.
final class LayerFiles {
    private static final long LARGEST_FILE_BYTES = 4 << 20;

    private final Containerd containerd;
    /// By the name of the image's topmost snapshot, which never changes.
    private final Map<String, Accounts> accounts = new ConcurrentHashMap<>();

    LayerFiles(Containerd containerd) {
        this.containerd = containerd;
    }

    /// The users and groups of an image.
    ///
    /// @param snapshot its topmost; empty for an image without layers
    Accounts accounts(String snapshot) throws ContainersException {
        if (snapshot.isEmpty()) {
            return Accounts.none();
        }
        var known = accounts.get(snapshot);
        if (known == null) {
            var layers = layers(snapshot);
            known = new Accounts(text(layers, "etc/passwd"), text(layers, "etc/group"));
            accounts.put(snapshot, known);
        }
        return known;
    }

    /// The directories of an image's layers, topmost first.
    List<Path> layers(String snapshot) throws ContainersException {
        var key = "panal-look-" + UUID.randomUUID();
        var view = ViewSnapshotRequest.newBuilder()
                .setSnapshotter(Containerd.SNAPSHOTTER)
                .setKey(key)
                .setParent(snapshot)
                .build();
        var mounts = Containerd.call(() -> containerd.snapshots().view(view)).getMountsList();
        var remove = RemoveSnapshotRequest.newBuilder()
                .setSnapshotter(Containerd.SNAPSHOTTER)
                .setKey(key)
                .build();
        Containerd.remove(() -> containerd.snapshots().remove(remove));
        return mounts.stream().flatMap(LayerFiles::directories).toList();
    }

    /// One layer is shown as a bind mount of it, several as an overlay of them.
    private static Stream<Path> directories(Mount mount) {
        return mount.getOptionsList().stream()
                .filter(option -> option.startsWith("lowerdir="))
                .findFirst()
                .map(option -> Stream.of(option.substring("lowerdir=".length()).split(":")))
                .orElse(Stream.of(mount.getSource()))
                .map(Path::of);
    }

    private static String text(List<Path> layers, String name) throws ContainersException {
        try {
            for (var layer : layers) {
                var found = inside(layer, layer.resolve(name));
                if (found.isPresent()) {
                    return Files.readString(found.get());
                }
            }
            return "";
        } catch (IOException failed) {
            throw new ContainersException(
                    ContainersException.Reason.FAILED, "cannot read /%s of the image: %s".formatted(name, failed));
        }
    }

    /// A link of the image may point anywhere: only what truly lies in the layer is read.
    private static Optional<Path> inside(Path layer, Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_FILE_BYTES) {
            return Optional.empty();
        }
        var real = file.toRealPath();
        return real.startsWith(layer.toRealPath()) ? Optional.of(real) : Optional.empty();
    }
}
