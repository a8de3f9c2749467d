package io.panal.images.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");
    private static final String LONG = "a/very/long/" + "name/".repeat(30) + "fiché";

    private static final List<TarEntry> ENTRIES = List.of(
            TarEntry.directory("dir/", 0755, TarEntry.Owner.ROOT, AT),
            TarEntry.file("dir/file", 04711, new TarEntry.Owner(7, 3_000_000_000L), AT, 5),
            TarEntry.file(LONG, 0644, TarEntry.Owner.ROOT, AT, 5),
            TarEntry.symbolicLink("dir/link", TarEntry.Owner.ROOT, AT, "../" + LONG));

    private static byte[] written() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarWriter(bytes)) {
            for (TarEntry entry : ENTRIES) {
                tar.add(entry, new ByteArrayInputStream("hello".getBytes(UTF_8)));
            }
        }
        return bytes.toByteArray();
    }

    private static List<TarEntry> read(InputStream in) throws IOException {
        var tar = new TarReader(in);
        List<TarEntry> entries = new ArrayList<>();
        for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
            entries.add(next.get());
            if (next.get().sizeBytes() > 0 && entries.size() % 2 == 0) {
                assertThat(tar.content().readAllBytes()).asString(UTF_8).isEqualTo("hello");
            }
        }
        return entries;
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        assertThat(read(new ByteArrayInputStream(written()))).isEqualTo(ENTRIES);
    }

    @Test
    void anArchiveMayEndRightAfterItsLastFilesContentButNotInIt() throws IOException {
        TarEntry file = TarEntry.file("Dockerfile", 0644, TarEntry.Owner.ROOT, Instant.ofEpochSecond(1), 5);
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarWriter(bytes)) {
            tar.add(file, new ByteArrayInputStream("hello".getBytes(UTF_8)));
        }
        byte[] whole = Arrays.copyOf(bytes.toByteArray(), TarReader.BLOCK + 5);
        byte[] cut = Arrays.copyOf(whole, TarReader.BLOCK + 4);

        assertThat(read(new ByteArrayInputStream(whole))).containsExactly(file);
        assertThatThrownBy(() -> read(new ByteArrayInputStream(cut))).hasMessage("unexpected EOF");
    }

    @Test
    void theSystemsTarReadsWhatWeWriteAndWeWhatItWrites(@TempDir Path directory) throws Exception {
        Files.write(directory.resolve("ours.tar"), written());
        Path tree = Files.createDirectory(directory.resolve("tree"));

        run(directory, "tar", "-xf", "ours.tar", "-C", "tree");
        assertThat(tree.resolve(LONG)).hasContent("hello");
        assertThat(Files.readSymbolicLink(tree.resolve("dir/link"))).hasToString("../" + LONG);
        Files.setLastModifiedTime(tree.resolve("dir"), FileTime.from(AT));
        for (String form : List.of("gnu", "pax")) {
            run(directory, "tar", "-cf", form + ".tar", "--format=" + form, "-C", "tree", "dir", LONG);
            try (InputStream theirs = Files.newInputStream(directory.resolve(form + ".tar"))) {
                assertThat(read(theirs)).containsExactlyInAnyOrderElementsOf(ENTRIES);
            }
        }
    }

    private static void run(Path directory, String... words) throws Exception {
        assertThat(new ProcessBuilder(words)
                        .directory(directory.toFile())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void whatIsNoArchiveIsRefused() {
        var noise = new ByteArrayInputStream("noise".repeat(300).getBytes(UTF_8));

        assertThatThrownBy(() -> new TarReader(noise).next()).hasMessageContaining("invalid tar header");
    }
}
