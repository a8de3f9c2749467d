package io.panal.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// The runtime's version, as `docker info` shows it.
final class RuncVersion {
    private RuncVersion() {}

    /// @throws IOException with what to install when there is no runc
    static String read() throws IOException {
        Process process;
        try {
            process = new ProcessBuilder("runc", "--version")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException missing) {
            throw new IOException("runc is missing: on Debian, apt-get install runc", missing);
        }
        try (InputStream out = process.getInputStream()) {
            String first = new String(out.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
            return first.replace("runc version", "").strip();
        }
    }
}
