package io.panal.node.containers;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;

/// Fills an empty volume with what the image has at its place, as docker does with new volumes.
final class VolumeCopy {
    /// Where the image's layers lie, topmost first; asked only when a volume wants it.
    interface Layers {
        List<Path> directories() throws IOException;
    }

    private VolumeCopy() {}

    static void fill(ContainerPlan plan, Layers layers) throws IOException {
        for (var mount : plan.mounts()) {
            if (mount instanceof MountPlan.Volume volume && volume.copy() && isEmpty(Path.of(volume.source()))) {
                var inside = volume.target().substring(1);
                for (var layer : layers.directories()) {
                    var from = layer.resolve(inside);
                    // A link would lead out of the layer.
                    if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
                        Files.walkFileTree(from, new Copying(from, Path.of(volume.source())));
                    }
                }
            }
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }

    /// Layers are walked from the topmost down: what is there already is the newer one.
    private static final class Copying extends SimpleFileVisitor<Path> {
        private final Path from;
        private final Path to;

        Copying(Path from, Path to) {
            this.from = from;
            this.to = to;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            var target = to.resolve(from.relativize(directory).toString());
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(target);
            own(directory, target);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            var target = to.resolve(from.relativize(file).toString());
            // A file of another kind is overlayfs's mark of a deleted one, or a device.
            boolean copied = attributes.isRegularFile() || attributes.isSymbolicLink();
            if (copied && !Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                own(file, target);
            }
            return FileVisitResult.CONTINUE;
        }

        private static void own(Path source, Path target) throws IOException {
            Map<String, Object> owner = Files.readAttributes(source, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(target, "unix:uid", owner.get("uid"), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(target, "unix:gid", owner.get("gid"), LinkOption.NOFOLLOW_LINKS);
            if (!Files.isSymbolicLink(target)) {
                Files.setAttribute(target, "unix:mode", owner.get("mode"));
            }
        }
    }
}
