package io.panal.node.consensus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The room on the disk that a member's log needs: a write to a full disk destroys the file with term and vote, so it
/// is better to stop, or not to start, while all is whole.
///
/// @param directory what the member keeps
public record DiskRoom(Path directory) {
    private static final long FREE_BYTES_MIN = 48L << 20;
    /// More than at the end, so that a member does not come and go with each file of another program.
    private static final long FREE_BYTES_AGAIN = 64L << 20;
    private static final int BALLAST_BYTES = 8 << 20;

    /// What is wrong with the disk, in a sentence for a user; empty when there is room.
    public Optional<String> shortage() {
        return lessThan(FREE_BYTES_MIN);
    }

    /// As [#shortage], for one that stopped because of it.
    public Optional<String> shortageAfterOne() {
        return lessThan(FREE_BYTES_AGAIN);
    }

    void refuseShortage() throws DiskFullException {
        Optional<String> full = shortage();
        if (full.isPresent()) {
            throw new DiskFullException(full.get());
        }
    }

    private Optional<String> lessThan(long bytes) {
        long free = freeBytes();
        return free >= bytes
                ? Optional.empty()
                : Optional.of("the disk of %s is full: %d MiB free, the swarm's log needs %d MiB"
                        .formatted(directory, free >> 20, bytes >> 20));
    }

    /// Takes room while there is some, to be given back when there is none.
    void takeBallast() throws IOException {
        if (!Files.exists(ballast()) && freeBytes() > FREE_BYTES_MIN + BALLAST_BYTES) {
            Files.write(ballast(), new byte[BALLAST_BYTES]);
        }
    }

    void dropBallast() throws IOException {
        Files.deleteIfExists(ballast());
    }

    /// A directory that is not made yet lies where its parent does.
    private long freeBytes() {
        Path there = directory;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there.toFile().getUsableSpace();
    }

    private Path ballast() {
        return directory.resolve("ballast");
    }
}
