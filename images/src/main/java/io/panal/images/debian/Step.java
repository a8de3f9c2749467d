package io.panal.images.debian;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// One thing that a package's maintainer script would have done, or that an image wants otherwise.
sealed interface Step {
    /// Copies a file that a package brings; without the file nothing happens.
    record Copy(String from, String to) implements Step {}

    /// Makes a symbolic link, in place of what is there; an empty directory may be.
    record Link(String at, String to) implements Step {}

    /// Makes a directory.
    ///
    /// @param mode such as `rwxr-xr-x`; a leading `t` adds the sticky bit
    record Directory(String at, String mode) implements Step {}

    /// Writes a text file.
    record Text(String at, String content) implements Step {}

    /// Links every applet of busybox to it.
    record Applets() implements Step {}

    /// Does it under a root directory.
    default void run(Path root) throws IOException {
        switch (this) {
            case Copy(String from, String to) -> copy(root.resolve(from), root.resolve(to));
            case Link(String at, String to) -> link(root.resolve(at), to);
            case Directory(String at, String mode) -> directory(root.resolve(at), mode);
            case Text(String at, String content) -> {
                Files.createDirectories(root.resolve(at).resolveSibling("."));
                Files.writeString(root.resolve(at), content);
            }
            case Applets() -> applets(root);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        if (Files.exists(from)) {
            Files.createDirectories(to.resolveSibling("."));
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private static void link(Path at, String to) throws IOException {
        Files.createDirectories(at.resolveSibling("."));
        Files.deleteIfExists(at);
        Files.createSymbolicLink(at, Path.of(to));
    }

    private static void directory(Path at, String mode) throws IOException {
        Files.createDirectories(at);
        boolean isSticky = mode.startsWith("t");
        Files.setPosixFilePermissions(at, PosixFilePermissions.fromString(isSticky ? mode.substring(1) : mode));
        if (isSticky) {
            Command.of("chmod", "+t", at.toString()).run();
        }
    }

    private static void applets(Path root) throws IOException {
        Path busybox = root.resolve("bin/busybox");
        List<String> names = new Command(List.of(busybox.toString(), "--list-full"))
                .output()
                .lines()
                .toList();
        for (String name : names) {
            Path at = root.resolve(name);
            if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
                link(at, "/bin/busybox");
            }
        }
    }
}
