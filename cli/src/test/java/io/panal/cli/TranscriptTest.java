package io.panal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.cli.command.Session.Streams;
import io.panal.cli.json.Json;
import io.panal.cli.json.Tree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Commands recorded with the docker client 28.2.2 against dockerd 20.10.24: the same words get the same requests, the
/// same output and the same exit code here.
class TranscriptTest {
    private static final Path TRANSCRIPTS =
            Path.of(System.getProperty("panal.transcripts", "src/test/resources/transcripts"));

    static Stream<Path> transcripts() throws IOException {
        try (Stream<Path> files = Files.list(TRANSCRIPTS)) {
            return files.sorted().toList().stream();
        }
    }

    @Timeout(30)
    @ParameterizedTest(name = "{0}")
    @MethodSource("transcripts")
    void answersAsTheDockerClientDid(Path file, @TempDir Path directory) throws IOException {
        Tree transcript = Tree.of(Json.read(Files.readAllBytes(file)));
        List<String> recorded = transcript.texts("argv");
        Path socket = directory.resolve("d.sock");
        var words = new ArrayList<String>(List.of("-H", "unix://" + socket));
        words.addAll(recorded.subList(1, recorded.size()));
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int exitCode;
        List<String> surprises;
        try (Replay daemon = new Replay(socket, transcript.trees("http"))) {
            var streams = new Streams(
                    new ByteArrayInputStream(transcript.text("stdin").getBytes(StandardCharsets.UTF_8)),
                    printer(out),
                    printer(err),
                    transcript.isTrue("tty"));
            exitCode = new Cli(List.of()).run(words, Map.of("HOME", directory.toString()), streams);
            surprises = daemon.surprises();
        }

        assertThat(surprises).as(file.getFileName() + " " + recorded).isEmpty();
        assertThat(shown(err.toString(StandardCharsets.UTF_8)))
                .as(file.getFileName().toString())
                .isEqualTo(expected(transcript.text("stderr")));
        assertThat(shown(out.toString(StandardCharsets.UTF_8)))
                .as(file.getFileName().toString())
                .isEqualTo(expected(transcript.text("stdout")));
        assertThat(exitCode).as(file.getFileName().toString()).isEqualTo((int) transcript.number("exit_code"));
    }

    private static PrintStream printer(ByteArrayOutputStream out) {
        return new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    /// The program's name is ours; what the daemon said of docker stays.
    private static String expected(String text) {
        var lines = new ArrayList<String>();
        for (String line : text.replace("\r\n", "\n").split("\n", -1)) {
            boolean daemons = line.contains("Error response from daemon");
            lines.add(daemons ? line : line.replaceAll("docker (?=swarm|service|node)", "panal "));
        }
        return shown(String.join("\n", lines));
    }

    /// Times are of the day of the recording, and polls come when they come.
    private static String shown(String text) {
        String timeless = text.replaceAll("([Ll]ess than a second|[Aa]bout an? \\w+|\\d+ \\w+) ago *", "AGO ")
                .replaceAll("Waiting \\d seconds", "Waiting N seconds");
        var lines = new ArrayList<String>();
        for (String line : timeless.split("\n", -1)) {
            if (lines.isEmpty() || !lines.getLast().equals(line)) {
                lines.add(line);
            }
        }
        String all = String.join("\n", lines);
        // The width of a column depends on its longest time.
        return all.contains("AGO") ? all.replaceAll(" {2,}", "  ") : all;
    }
}
