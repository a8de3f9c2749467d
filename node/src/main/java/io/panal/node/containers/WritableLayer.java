package io.panal.node.containers;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What a container has written over its image, read where the layers lie.
///
/// Source: the kernel's `Documentation/filesystems/overlayfs.rst`: a device 0/0 stands for a file that was deleted.
///
/// @param upper the directory that the container's changes go to
/// @param lower those of its image, topmost first
record WritableLayer(Path upper, List<Path> lower) {
    private static final int DEVICE = 0020000;
    private static final int KIND = 0170000;
    /// Made for the runtime at each start; dockerd keeps them in a layer between the two.
    private static final Set<String> OURS = Set.of(
            "/.dockerenv",
            "/dev",
            "/dev/console",
            "/dev/pts",
            "/dev/shm",
            "/dev/mqueue",
            "/etc/hostname",
            "/etc/hosts",
            "/etc/mtab",
            "/etc/resolv.conf",
            "/proc",
            "/sys",
            "/sys/fs",
            "/sys/fs/cgroup");

    /// By path, those above a change included, as `docker diff` lists them.
    List<FileChange> changes() throws IOException {
        Map<String, FileChange.Kind> found = new TreeMap<>();
        for (Path path : paths()) {
            String name = "/" + upper.relativize(path);
            if (!OURS.contains(name)) {
                found.put(name, kind(path));
            }
        }
        // A directory that only holds what the runtime made in it is not the container's change.
        Set<String> parents = new HashSet<>();
        found.keySet().forEach(name -> parents.add(name.substring(0, name.lastIndexOf('/'))));
        return found.entrySet().stream()
                .filter(one -> !one.getKey().equals("/etc") || parents.contains("/etc"))
                .map(one -> new FileChange(one.getKey(), one.getValue()))
                .toList();
    }

    /// Of the files in it.
    long sizeBytes() throws IOException {
        long size = 0;
        for (Path path : paths()) {
            if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                size += Files.size(path);
            }
        }
        return size;
    }

    /// The container may be at work in it: what goes while it is read is left out.
    private List<Path> paths() throws IOException {
        List<Path> paths = new ArrayList<>();
        Files.walkFileTree(upper, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes about) {
                if (!directory.equals(upper)) {
                    paths.add(directory);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes about) {
                paths.add(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
                if (failed instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failed;
            }
        });
        return paths;
    }

    private FileChange.Kind kind(Path path) throws IOException {
        if (isWhiteout(path)) {
            return FileChange.Kind.DELETED;
        }
        return isBelow(upper.relativize(path)) ? FileChange.Kind.MODIFIED : FileChange.Kind.ADDED;
    }

    private boolean isBelow(Path relative) throws IOException {
        for (Path layer : lower) {
            Path part = layer;
            for (Path name : relative) {
                part = part.resolve(name);
                if (isWhiteout(part)) {
                    return false;
                }
            }
            if (Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWhiteout(Path path) throws IOException {
        try {
            Map<String, Object> about = Files.readAttributes(path, "unix:mode,rdev", LinkOption.NOFOLLOW_LINKS);
            return about.get("mode") instanceof Integer mode
                    && (mode & KIND) == DEVICE
                    && about.get("rdev") instanceof Long device
                    && device == 0;
        } catch (NoSuchFileException _) {
            return false;
        } catch (FileSystemException _) {
            // Below a file, in this layer, where another has a directory.
            return false;
        }
    }
}
