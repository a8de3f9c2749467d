package io.panal.machines.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What of the host's files a machine sees through the overlay, and what must be bound or hidden.
///
/// An overlay's lower layer ends where another file system is mounted.
final class Mounts {
    private static final Path ROOT = Path.of("/");
    /// Programs and libraries: bound when the host keeps them on a file system of their own.
    private static final List<Path> SYSTEM = Stream.of("/usr", "/opt", "/nix", "/bin", "/sbin", "/lib", "/lib64")
            .map(Path::of)
            .toList();
    /// The host's secrets, its users' files, and the state of engines that are not the machine's own.
    private static final List<String> HIDDEN = List.of(
            "root",
            "home",
            "media",
            "mnt",
            "srv",
            "boot",
            "etc/containerd",
            "etc/docker",
            "etc/panal",
            "etc/ssh",
            "etc/ssl/private",
            "etc/kubernetes",
            "var/backups",
            "var/lib/containerd",
            "var/lib/docker",
            "var/lib/kubelet",
            "var/lib/libvirt",
            "var/lib/panal",
            "var/lib/panal-machines",
            "var/log",
            "var/spool",
            "var/tmp");
    /// Fresh file systems in every machine.
    private static final List<Path> FRESH =
            Stream.of("/run", "/tmp", "/dev", "/proc", "/sys").map(Path::of).toList();

    private final List<Path> points;

    private Mounts(List<Path> points) {
        this.points = points;
    }

    static Mounts current() throws IOException {
        return parse(Files.readAllLines(Path.of("/proc/self/mountinfo")));
    }

    static Mounts parse(List<String> mountInfo) {
        return new Mounts(mountInfo.stream()
                .map(line -> line.split(" ", 6)[4])
                .map(Mounts::unescaped)
                .map(Path::of)
                .distinct()
                .sorted(Comparator.comparingInt(Path::getNameCount).reversed())
                .toList());
    }

    /// Directories, relative to the root, that begin empty in a new machine.
    static Set<String> hidden(Path storage) {
        var hidden = new TreeSet<>(HIDDEN);
        var isHidden = HIDDEN.stream().map(ROOT::resolve).anyMatch(storage::startsWith)
                || FRESH.stream().anyMatch(storage::startsWith);
        if (!isHidden) {
            hidden.add(ROOT.relativize(storage).toString());
        }
        return hidden;
    }

    /// Host paths to bind, read only, at the same place: those wanted that the overlay does not show, and system
    /// directories that are mounts of their own. A path below another one in the answer is left out.
    List<Path> toBind(List<Path> wanted, Path storage) throws IOException {
        var bind = new TreeSet<Path>();
        for (var path : wanted) {
            if (Files.exists(path)) {
                var real = path.toRealPath();
                if (!isShown(real, storage)) {
                    bind.add(real);
                }
            }
        }
        points.stream()
                .filter(point -> SYSTEM.stream().anyMatch(point::startsWith))
                .forEach(bind::add);
        return bind.stream()
                .filter(path -> bind.stream().noneMatch(other -> !other.equals(path) && path.startsWith(other)))
                .toList();
    }

    private boolean isShown(Path path, Path storage) {
        var hides = Stream.concat(hidden(storage).stream().map(ROOT::resolve), FRESH.stream());
        return point(path).equals(ROOT) && hides.noneMatch(path::startsWith);
    }

    private Path point(Path path) {
        return points.stream().filter(path::startsWith).findFirst().orElse(ROOT);
    }

    /// The kernel writes space, tab, newline and backslash as three octal digits.
    private static String unescaped(String text) {
        return text.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
