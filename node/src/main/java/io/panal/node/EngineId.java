package io.panal.node;

import io.panal.node.disk.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/// What tells this engine from others (`docker info`, ID), kept over restarts.
final class EngineId {
    private EngineId() {}

    static String in(Path data) throws IOException {
        DurableFile file = new DurableFile(data.resolve("engine-id"));
        Optional<byte[]> kept = file.read();
        if (kept.isPresent()) {
            return new String(kept.get(), StandardCharsets.UTF_8).strip();
        }
        String fresh = UUID.randomUUID().toString();
        file.write(fresh.getBytes(StandardCharsets.UTF_8));
        return fresh;
    }
}
