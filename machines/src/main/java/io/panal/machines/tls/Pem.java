package io.panal.machines.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;

/// PEM files: a label and the bytes in base 64.
final class Pem {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Pem() {}

    /// Writes a file that its owner alone can read, whole or not at all.
    static void write(Path file, String label, byte[] bytes) throws IOException {
        var text = "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(label, LINES.encodeToString(bytes));
        var draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(draft, text, StandardCharsets.US_ASCII);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /// The bytes of the first block, whatever its label.
    static byte[] read(Path file) throws IOException {
        var body = new StringBuilder();
        var inside = false;
        for (var line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
            if (line.startsWith("-----END")) {
                break;
            }
            if (inside) {
                body.append(line.strip());
            }
            inside |= line.startsWith("-----BEGIN");
        }
        try {
            return Base64.getDecoder().decode(body.toString());
        } catch (IllegalArgumentException broken) {
            throw new IOException("no PEM file: " + file, broken);
        }
    }
}
