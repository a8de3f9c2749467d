package io.panal.program.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Directories with all that is in them.
final class Trees {
    private Trees() {}

    static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        List<Path> found;
        try (Stream<Path> all = Files.walk(root)) {
            found = new ArrayList<>(all.toList());
        }
        for (Path path : found.reversed()) {
            Files.delete(path);
        }
    }
}
