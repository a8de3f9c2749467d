package io.panal.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The cluster does as the transcripts say. With `-Dpanal.rewrite=true` they are written anew, to be read and kept.
class TranscriptTest {
    private static final Path TRANSCRIPTS = Path.of("src", "test", "resources", "transcripts");
    private static final long SEED = 1;

    static List<Path> transcripts() throws IOException {
        try (Stream<Path> files = Files.list(TRANSCRIPTS)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("transcripts")
    void theClusterDoesAsTheTranscriptSays(Path file) throws IOException {
        String written = Files.readString(file);
        String now = Transcript.run(written, SEED);
        if (Boolean.getBoolean("panal.rewrite")) {
            Files.writeString(file, now);
        } else {
            assertThat(now).isEqualTo(written);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("transcripts")
    void theSameSeedTellsTheSameStory(Path file) throws IOException {
        String written = Files.readString(file);
        assertThat(Transcript.run(written, SEED + 1)).isEqualTo(Transcript.run(written, SEED + 1));
    }
}
