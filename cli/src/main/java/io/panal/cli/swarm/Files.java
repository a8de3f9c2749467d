package io.panal.cli.swarm;

import io.panal.cli.command.Failure;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Reads the files an option names.
final class Files {
    private Files() {}

    static String read(String path) throws Failure {
        try {
            return java.nio.file.Files.readString(Path.of(path));
        } catch (NoSuchFileException _) {
            throw Failure.because("open " + path + ": no such file or directory");
        } catch (IOException unreadable) {
            throw Failure.because("open " + path + ": " + unreadable.getMessage());
        }
    }
}
