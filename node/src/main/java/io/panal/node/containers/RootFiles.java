package io.panal.node.containers;

import io.panal.containerd.snapshots.MountsRequest;
import io.panal.containerd.types.Mount;
import io.panal.node.kernel.NetworkNamespace;
import io.panal.node.kernel.PrivateRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The files of containers and images, to be worked on with their root as ours.
final class RootFiles {
    private final Containerd containerd;
    private final ContainersSettings settings;
    private final LayerFiles layers;

    RootFiles(Containerd containerd, ContainersSettings settings) {
        this.containerd = containerd;
        this.layers = new LayerFiles(containerd);
        this.settings = settings;
    }

    /// As the container itself sees them, its volumes included.
    <T> T of(Tracked container, NetworkNamespace.Work<T> work) throws IOException {
        if (container.state() instanceof ContainerState.Running running) {
            return PrivateRoot.in(Path.of("/proc/%d/root".formatted(running.pid())), List.of(), work);
        }
        return mounted(active(container.id()), container.plan().mounts(), work);
    }

    /// Without its volumes, and to be read only: as they would be committed.
    <T> T own(Tracked container, NetworkNamespace.Work<T> work) throws IOException {
        return mounted(frozen(active(container.id())), List.of(), work);
    }

    /// Of an image, to be read only.
    ///
    /// @param snapshot its topmost; empty for no image, of which there are no files
    <T> T of(String snapshot, NetworkNamespace.Work<T> work) throws IOException {
        return mounted(below(snapshot), List.of(), work);
    }

    /// The directories of layers are mounted, not a view of them: nothing would keep that from being collected.
    private List<Mount> below(String snapshot) throws ContainersException {
        if (snapshot.isEmpty()) {
            return List.of();
        }
        var directories = layers.layers(snapshot);
        if (directories.size() == 1) {
            return List.of(Mount.newBuilder()
                    .setType("bind")
                    .setSource(directories.getFirst().toString())
                    .addOptions("ro")
                    .addOptions("rbind")
                    .build());
        }
        var lower = directories.stream().map(Path::toString).collect(Collectors.joining(":"));
        return List.of(Mount.newBuilder()
                .setType("overlay")
                .setSource("overlay")
                .addOptions("ro")
                .addOptions("lowerdir=" + lower)
                .build());
    }

    /// What a container has changed of its image, as a layer.
    ///
    /// @param parent the image's topmost snapshot; empty for none
    ImageLayer changes(String id, String parent, ImageImport making) throws ContainersException {
        return making.difference(below(parent), active(id));
    }

    /// Where a container's own files lie, and its image's.
    WritableLayer writable(String id) throws ContainersException {
        Mount mount = active(id).getFirst();
        String upper = option(mount, "upperdir=");
        if (upper.isEmpty()) {
            return new WritableLayer(Path.of(mount.getSource()), List.of());
        }
        String[] lower = option(mount, "lowerdir=").split(":");
        return new WritableLayer(Path.of(upper), Stream.of(lower).map(Path::of).toList());
    }

    private List<Mount> active(String id) throws ContainersException {
        var request = MountsRequest.newBuilder()
                .setSnapshotter(Containerd.SNAPSHOTTER)
                .setKey(id)
                .build();
        return Containerd.call(() -> containerd.snapshots().mounts(request)).getMountsList();
    }

    /// The same files as layers that nobody writes to: the writable one may be mounted where the container runs.
    private static List<Mount> frozen(List<Mount> mounts) {
        return mounts.stream()
                .map(mount -> {
                    var upper = option(mount, "upperdir=");
                    return upper.isEmpty()
                            ? mount
                            : mount.toBuilder()
                                    .clearOptions()
                                    .addOptions("ro")
                                    .addOptions("lowerdir=" + upper + ":" + option(mount, "lowerdir="))
                                    .build();
                })
                .toList();
    }

    private static String option(Mount mount, String key) {
        return mount.getOptionsList().stream()
                .filter(option -> option.startsWith(key))
                .map(option -> option.substring(key.length()))
                .findFirst()
                .orElse("");
    }

    private <T> T mounted(List<Mount> mounts, List<MountPlan> further, NetworkNamespace.Work<T> work)
            throws IOException {
        var root = Files.createTempDirectory(Files.createDirectories(settings.run()), "root-");
        try {
            List<PrivateRoot.Mount> all = new ArrayList<>();
            for (var mount : mounts) {
                all.add(mount(mount, root));
            }
            if (further.isEmpty()) {
                return PrivateRoot.in(root, all, work);
            }
            var places = PrivateRoot.in(root, all, () -> places(further));
            for (int i = 0; i < further.size(); i++) {
                place(further.get(i), root.resolve(places.get(i))).ifPresent(all::add);
            }
            return PrivateRoot.in(root, all, work);
        } finally {
            Files.deleteIfExists(root);
        }
    }

    private static PrivateRoot.Mount mount(Mount mount, Path root) {
        boolean bind = mount.getType().equals("bind");
        var data = bind
                ? ""
                : mount.getOptionsList().stream()
                        .filter(option -> !option.equals("ro") && !option.equals("rw"))
                        .collect(Collectors.joining(","));
        return new PrivateRoot.Mount(
                mount.getType(), mount.getSource(), root, mount.getOptionsList().contains("ro"), data);
    }

    /// Where volumes belong, links followed inside the root, relative to it; made where there is nothing.
    private static List<String> places(List<MountPlan> volumes) throws IOException {
        List<String> places = new ArrayList<>();
        for (var volume : volumes) {
            var target = Path.of(volume.target());
            if (!Files.exists(target)) {
                Files.createDirectories(target);
            }
            places.add(target.toRealPath().toString().substring(1));
        }
        return places;
    }

    private static Optional<PrivateRoot.Mount> place(MountPlan plan, Path at) {
        return switch (plan) {
            case MountPlan.Bind bind -> Optional.of(bound(bind.source(), at));
            case MountPlan.Volume volume -> Optional.of(bound(volume.source(), at));
            case MountPlan.Memory _ -> Optional.empty();
        };
    }

    private static PrivateRoot.Mount bound(String source, Path at) {
        return new PrivateRoot.Mount("bind", source, at, false, "");
    }
}
