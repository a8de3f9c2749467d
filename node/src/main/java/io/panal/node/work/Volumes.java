package io.panal.node.work;

import io.panal.node.containers.ContainersException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/// Volumes of the local driver: a directory each.
final class Volumes {
    private static final int NAME_BYTES = 32;

    private Volumes() {}

    /// The volume's directory, made when it is missing; an empty name makes one that nobody else has.
    static Path directory(Path volumes, String name) throws ContainersException {
        String own = name.isEmpty() ? anonymous() : name;
        if (!own.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]*")) {
            throw new ContainersException(
                    ContainersException.Reason.INVALID,
                    "create %s: \"%s\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path"
                            .formatted(own, own));
        }
        try {
            return Files.createDirectories(volumes.resolve(own).resolve("_data"));
        } catch (IOException failed) {
            throw new ContainersException(
                    ContainersException.Reason.FAILED, "cannot make volume %s: %s".formatted(own, failed.getMessage()));
        }
    }

    private static String anonymous() {
        byte[] name = new byte[NAME_BYTES];
        ThreadLocalRandom.current().nextBytes(name);
        return HexFormat.of().formatHex(name);
    }
}
