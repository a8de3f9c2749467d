package io.panal.node.consensus;

import io.panal.node.disk.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a membership is on disk, as a whole: whether it is there, its name, its end.
final class MemberFiles {
    private static final SecureRandom RANDOM = new SecureRandom();

    private MemberFiles() {}

    static boolean exist(Path directory) {
        return Files.exists(directory.resolve("data-keys")) && Files.isDirectory(directory.resolve("log"));
    }

    static void erase(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> found;
        try (Stream<Path> all = Files.walk(directory)) {
            found = new ArrayList<>(all.toList());
        }
        for (Path path : found.reversed()) {
            Files.delete(path);
        }
    }

    /// The membership's name, made when it is first asked for: a log that was emptied never comes back under its old
    /// one.
    static String memberId(ConsensusSettings settings) throws IOException {
        var file = new DurableFile(settings.memberName());
        Optional<byte[]> saved = file.load();
        if (saved.isPresent()) {
            return new String(saved.get(), StandardCharsets.UTF_8);
        }
        String id = settings.nodeId() + "." + Integer.toString(RANDOM.nextInt(1 << 30), 36);
        file.save(id.getBytes(StandardCharsets.UTF_8));
        return id;
    }
}
