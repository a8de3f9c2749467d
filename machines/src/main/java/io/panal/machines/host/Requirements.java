package io.panal.machines.host;

import io.panal.machines.model.Limits;
import io.panal.machines.model.MachineFailure;
import io.panal.machines.store.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a host must have for machines.
public final class Requirements {
    /// Program to Debian package.
    private static final Map<String, String> PROGRAMS = new TreeMap<>(Map.of(
            "runc", "runc",
            "ip", "iproute2",
            "nft", "nftables",
            "unshare", "util-linux",
            "nsenter", "util-linux",
            "flock", "util-linux",
            "mknod", "coreutils",
            "mount", "mount"));

    private Requirements() {}

    /// Packages to install, in Debian's names.
    ///
    /// @return empty when nothing is missing
    public static List<String> missingPackages() {
        var packages = new TreeSet<String>();
        PROGRAMS.forEach((program, debianPackage) -> {
            if (Programs.find(program).isEmpty()) {
                packages.add(debianPackage);
            }
        });
        return List.copyOf(packages);
    }

    /// @throws MachineFailure when programs, control groups or a fit file system are missing; it says what to do
    public static void check(Storage storage, Limits limits) throws IOException {
        var packages = missingPackages();
        if (!packages.isEmpty()) {
            throw new MachineFailure(
                    "machines need programs that are not here. Install them (Debian, Ubuntu: apt-get install %s)"
                            .formatted(String.join(" ", packages)));
        }
        ControlGroups.require(limits);
        var path = storage.path().toString();
        if (!path.matches("[A-Za-z0-9/._@+-]+")) {
            throw new MachineFailure(
                    "the storage path \"%s\" may hold letters, digits and / . _ @ + - only: overlay mounts cannot spell more"
                            .formatted(path));
        }
        var existing = storage.path();
        while (!Files.exists(existing)) {
            existing = existing.resolveSibling("..").normalize();
        }
        var kind = Files.getFileStore(existing).type();
        if (kind.equals("overlay") || kind.startsWith("nfs") || kind.equals("9p")) {
            throw new MachineFailure(
                    ("%s lies on a file system of type %s, which cannot hold machines' disks. Choose a directory"
                                    + " on ext4, xfs or btrfs with --storage-path")
                            .formatted(path, kind));
        }
    }

    /// @throws MachineFailure unless this process runs as root
    public static void requireRoot() throws IOException {
        if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
            throw new MachineFailure(
                    "machines need root, for namespaces, mounts and control groups. Run the command again with sudo");
        }
    }
}
