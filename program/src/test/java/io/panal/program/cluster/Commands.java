package io.panal.program.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Runs programs of this host to their end.
final class Commands {
    /// No command here takes long; one that hangs is a fault to be told.
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private Commands() {}

    static Ran run(String... words) {
        return run(Map.of(), List.of(words));
    }

    /// @param environment on top of this process's own
    static Ran run(Map<String, String> environment, List<String> words) {
        return run(environment, words, PATIENCE);
    }

    /// @param patience how long it may take; then it is ended, which fails the test
    static Ran run(Map<String, String> environment, List<String> words, Duration patience) {
        String line = String.join(" ", words);
        try {
            Path out = Files.createTempFile("panal-it-", ".out");
            Path err = Files.createTempFile("panal-it-", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(words)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError("%s has not ended after %d s:%n%s%s"
                            .formatted(line, patience.toSeconds(), Files.readString(out), Files.readString(err)));
                }
                return new Ran(line, process.exitValue(), Files.readString(out), Files.readString(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException failed) {
            throw new AssertionError("%s cannot be run: %s".formatted(line, failed.getMessage()), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(line + " was interrupted", interrupted);
        }
    }

    /// The path of a program that the tests cannot do without.
    static Path require(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "there is no %s on the path: run the tests by ./test, which puts it there".formatted(program)));
    }
}
