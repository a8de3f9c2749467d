package io.panal.images.debian;

import io.panal.images.debian.Packages.Archive;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A root file system unpacked from packages, with what their scripts would have done.
///
/// The scripts themselves are not run: they would need the packages' programs running inside.
final class RootDirectory {
    private static final List<String> MERGED = List.of("bin", "sbin", "lib", "lib64");
    private static final List<String> UNWANTED =
            List.of("usr/share/locale", "usr/share/man", "usr/share/info", "usr/share/lintian", "var/cache/ldconfig");

    private final Path root;

    private RootDirectory(Path root) {
        this.root = root;
    }

    /// Unpacks into a directory that is made.
    static RootDirectory unpack(List<Archive> archives, Path root) throws IOException {
        for (String name : MERGED) {
            Files.createDirectories(root.resolve("usr").resolve(name));
            Files.createSymbolicLink(root.resolve(name), Path.of("usr/" + name));
        }
        for (Archive archive : archives) {
            // Not dpkg-deb --extract: it would put directories in place of the links that merge /bin into /usr/bin.
            unpack(archive, root);
        }
        return new RootDirectory(root);
    }

    private static void unpack(Archive archive, Path root) throws IOException {
        List<String> tar =
                List.of("tar", "-x", "-p", "--keep-directory-symlink", "--warning=no-timestamp", "-C", root.toString());
        Process unpacking = new ProcessBuilder(tar)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Command.of("dpkg-deb", "--fsys-tarfile", archive.file().toString()).run(output -> {
                try (OutputStream into = unpacking.getOutputStream()) {
                    output.transferTo(into);
                }
            });
            if (unpacking.waitFor() != 0) {
                throw new IOException("tar cannot unpack " + archive.file());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("unpacking was stopped");
        } finally {
            unpacking.destroyForcibly();
        }
    }

    /// Does the steps, makes the loader's cache where this user may, and drops what only a desk machine reads.
    void settle(List<Step> steps) throws IOException {
        for (Step step : steps) {
            step.run(root);
        }
        if (isRootUser() && Files.exists(root.resolve("usr/sbin/ldconfig"))) {
            Command.of("ldconfig", "-r", root.toString()).run();
        }
        for (String unwanted : UNWANTED) {
            remove(root.resolve(unwanted));
        }
        keepCopyrightsOnly();
    }

    /// The newest time that a package gave one of its files, in seconds since 1970.
    long newest() throws IOException {
        NewestFile newest = new NewestFile();
        Files.walkFileTree(root, newest);
        return newest.seconds;
    }

    private static final class NewestFile extends SimpleFileVisitor<Path> {
        private long seconds;

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
                seconds = Math.max(seconds, attributes.lastModifiedTime().toMillis() / 1000);
            }
            return FileVisitResult.CONTINUE;
        }
    }

    /// Gives the whole as a tar stream in which names are sorted and nothing is newer than `newest`.
    void pack(long newest, Command.Reader reader) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "tar", "-c", "--format=gnu", "--sort=name", "--numeric-owner", "--mtime=@" + newest, "--clamp-mtime"));
        if (!isRootUser()) {
            words.addAll(List.of("--owner=0", "--group=0"));
        }
        words.addAll(List.of("-C", root.toString(), "."));
        new Command(words).run(reader);
    }

    private boolean isRootUser() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(root, "unix:uid"));
    }

    private void keepCopyrightsOnly() throws IOException {
        Path documents = root.resolve("usr/share/doc");
        if (!Files.exists(documents)) {
            return;
        }
        try (Stream<Path> files = Files.walk(documents)) {
            for (Path file : files.toList()) {
                boolean isDirectory = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
                if (!isDirectory && !file.endsWith("copyright")) {
                    Files.delete(file);
                }
            }
        }
    }

    static void remove(Path directory) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
