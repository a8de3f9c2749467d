package io.panal.node.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The docker client on the path; where there is none, the one in Debian's package, unpacked and not installed.
final class StockDocker {
    private static final long PATIENCE_SECONDS = 60;

    /// @param code of its exit
    record Outcome(int code, String out, String err) {}

    private final String host;
    private final Map<String, String> environment;

    StockDocker(String host) {
        this(host, Map.of());
    }

    StockDocker(String host, Map<String, String> environment) {
        this.host = host;
        this.environment = environment;
    }

    Outcome run(String... arguments) throws IOException, InterruptedException {
        return runWith(new byte[0], arguments);
    }

    Outcome runWith(byte[] input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program().toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("panal-docker-", ".out");
        Path err = Files.createTempFile("panal-docker-", ".err");
        var builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("DOCKER_"));
        builder.environment().put("DOCKER_HOST", host);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input);
        }
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("not within a minute: docker " + String.join(" ", arguments));
        }
        var outcome = new Outcome(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
        Files.delete(out);
        Files.delete(err);
        return outcome;
    }

    private static Path program() throws IOException, InterruptedException {
        for (String folder : System.getenv("PATH").split(":")) {
            Path program = Path.of(folder, "docker");
            if (Files.isExecutable(program)) {
                return program;
            }
        }
        return unpacked();
    }

    private static synchronized Path unpacked() throws IOException, InterruptedException {
        Path folder = Path.of("target", "docker-client").toAbsolutePath();
        Path program = folder.resolve("usr/bin/docker");
        if (!Files.isExecutable(program)) {
            Files.createDirectories(folder);
            shell(folder, "apt-get download docker-cli || apt-get download docker.io");
            try (Stream<Path> files = Files.list(folder)) {
                Path archive = files.filter(file -> file.toString().endsWith(".deb"))
                        .findFirst()
                        .orElseThrow();
                shell(folder, "dpkg -x " + archive.getFileName() + " .");
            }
        }
        return program;
    }

    private static void shell(Path folder, String line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", line)
                .directory(folder.toFile())
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("no docker client on the path, and this failed: " + line);
        }
    }
}
