package io.panal.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.cli.Cli;
import io.panal.cli.command.Session.Streams;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The help of the docker client 28.2.2, 80 characters wide, with this program's name.
class HelpTest {
    static Stream<Path> recorded() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/help"))) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recorded")
    void helpReadsAsTheDockerClients(Path file) throws IOException {
        String name = file.getFileName().toString().replace(".txt", "");
        boolean isToken = name.equals("swarm-join-token") || name.equals("swarm-unlock-key");
        var words = new ArrayList<String>(
                isToken ? List.of("swarm", name.substring("swarm-".length())) : List.of(name.split("-", 2)));
        words.add("--help");
        var out = new ByteArrayOutputStream();
        var printer = new PrintStream(out, true, StandardCharsets.UTF_8);

        new Cli(List.of()).run(words, Map.of(), new Streams(InputStream.nullInputStream(), printer, printer, false));

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(Files.readString(file));
    }
}
