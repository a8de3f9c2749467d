package io.panal.images.debian;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program of the host, run to its end.
record Command(List<String> words) {
    private static final int MINUTES = 10;
    private static final int LONGEST_COMPLAINT = 2000;

    Command {
        words = List.copyOf(words);
    }

    static Command of(String... words) {
        return new Command(List.of(words));
    }

    /// What to do with a program's output while it runs.
    interface Reader {
        void read(InputStream output) throws IOException;
    }

    /// Its output as text.
    ///
    /// @throws IOException when it fails, with what it said
    String output() throws IOException {
        StringBuilder text = new StringBuilder();
        run(output -> text.append(new String(output.readAllBytes(), StandardCharsets.UTF_8)));
        return text.toString();
    }

    void run() throws IOException {
        run(output -> output.transferTo(OutputStream.nullOutputStream()));
    }

    void run(Reader reader) throws IOException {
        Path complaints = Files.createTempFile("panal", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(words);
            builder.environment().put("LC_ALL", "C");
            builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
            builder.redirectError(complaints.toFile());
            builder.redirectInput(Path.of("/dev/null").toFile());
            Process process = start(builder);
            try (InputStream output = process.getInputStream()) {
                reader.read(output);
                await(process);
            } finally {
                process.destroyForcibly();
            }
            if (process.exitValue() != 0) {
                throw failed("exit code " + process.exitValue(), Files.readString(complaints));
            }
        } finally {
            Files.deleteIfExists(complaints);
        }
    }

    private Process start(ProcessBuilder builder) throws IOException {
        try {
            return builder.start();
        } catch (IOException missing) {
            throw new IOException(
                    "%s is needed to make an image from Debian's packages; this host has none"
                            .formatted(words.getFirst()),
                    missing);
        }
    }

    private void await(Process process) throws IOException {
        try {
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                throw failed("no end after " + MINUTES + " minutes", "");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(words.getFirst() + " was stopped");
        }
    }

    private IOException failed(String how, String complaint) {
        String said = complaint.strip();
        String end = said.substring(Math.max(0, said.length() - LONGEST_COMPLAINT));
        return new IOException("%s: %s: %s".formatted(words.getFirst(), how, end));
    }
}
