package io.panal.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildFactsTest {
    private static final Instant BUILT = Instant.parse("2026-11-22T18:58:28.5Z");

    @Test
    void areThoseOfTheInstalledProgram(@TempDir Path home) throws IOException {
        Path jar = Files.createFile(Files.createDirectory(home.resolve("lib")).resolve("panal-node.jar"));
        Files.setLastModifiedTime(jar, FileTime.from(BUILT));

        assertThat(BuildFacts.of(jar)).isEqualTo(new BuildFacts("", "2026-11-22T18:58:28Z"));
        Files.writeString(home.resolve("commit"), "ee78497\n");
        assertThat(BuildFacts.of(jar)).isEqualTo(new BuildFacts("ee78497", "2026-11-22T18:58:28Z"));
    }

    @Test
    void areNoneOfClassFiles() throws IOException {
        assertThat(BuildFacts.read()).isEqualTo(new BuildFacts("", ""));
    }
}
