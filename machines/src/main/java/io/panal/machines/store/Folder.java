package io.panal.machines.store;

import java.nio.file.Path;

/// Where the parts of one machine lie on the host's disk.
///
/// @param path `STORAGE/machines/NAME`; the docker client's certificates lie directly in it, as docker-machine has them
public record Folder(Path path) {
    public Path record() {
        return path.resolve("config.json");
    }

    /// The runc bundle.
    public Path bundle() {
        return path.resolve("bundle");
    }

    /// Mount point of the machine's root; empty on the host, since the mount is in a namespace of its own.
    public Path root() {
        return path.resolve("root");
    }

    /// Holds `upper` and `work` of the overlay and `data`; with a disk size, the mount point of the image.
    public Path disk() {
        return path.resolve("disk");
    }

    public Path upper() {
        return disk().resolve("upper");
    }

    public Path work() {
        return disk().resolve("work");
    }

    /// `/var/lib/panal` in the machine: snapshots are overlays themselves and must not lie on one.
    public Path data() {
        return disk().resolve("data");
    }

    /// The file behind a disk with a size.
    public Path image() {
        return path.resolve("disk.img");
    }

    /// Files that the machine sees at fixed places whatever its disk holds: certificates, host tables.
    public Path given() {
        return path.resolve("given");
    }

    /// What the machine's first process and its daemon say; `/var/log/panal.log` in the machine.
    public Path log() {
        return path.resolve("panal.log");
    }
}
