package io.panal.node.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Images in archives, written and read by the stock docker client.
@Timeout(120)
class SaveTest {
    private static EngineHost host;

    @TempDir
    private Path directory;

    @BeforeAll
    static void open() throws Exception {
        host = new EngineHost(new Alone(), (_, _, _) -> {});
    }

    @AfterAll
    static void close() throws IOException {
        host.close();
    }

    private StockDocker.Outcome docker(String... words) throws Exception {
        return host.docker.run(words);
    }

    private String id(String image) throws Exception {
        return docker("image", "inspect", "--format", "{{.Id}}", image).out().strip();
    }

    private static void run(Path folder, String... words) throws Exception {
        Process process =
                new ProcessBuilder(words).directory(folder.toFile()).inheritIO().start();
        assertThat(process.waitFor()).as(String.join(" ", words)).isZero();
    }

    private Path saved(String... images) throws Exception {
        Path archive = directory.resolve("saved.tar");
        String[] words = new String[images.length + 3];
        words[0] = "save";
        words[1] = "-o";
        words[2] = archive.toString();
        System.arraycopy(images, 0, words, 3, images.length);
        assertThat(docker(words).err()).isEmpty();
        return archive;
    }

    /// Two images, the second on top of the first.
    private void made(String name) throws Exception {
        docker("tag", "busybox", name + ":1");
        Files.writeString(directory.resolve("Dockerfile"), "FROM busybox\nRUN echo text of " + name + " > /text\n");
        assertThat(docker("build", "-t", name + ":2", directory.toString()).out())
                .contains("Successfully tagged " + name + ":2");
    }

    @Test
    void whatWasSavedIsLoadedAgainWithAllItsTags() throws Exception {
        made("both");
        String first = id("both:1");
        String second = id("both:2");
        Path archive = saved("both");
        docker("rmi", "both:1", "both:2");
        docker("builder", "prune", "-f");
        assertThat(id("both:2")).isEmpty();

        assertThat(docker("load", "-i", archive.toString()).out())
                .contains("Loaded image: both:1\n", "Loaded image: both:2\n");

        assertThat(id("both:1")).isEqualTo(first);
        assertThat(id("both:2")).isEqualTo(second);
        assertThat(docker("run", "--rm", "both:2", "cat", "/text").out()).isEqualTo("text of both\n");
    }

    @Test
    void aZippedArchiveComesThroughAPipeAndAnImageWithoutATagKeepsItsId() throws Exception {
        made("zipped");
        String id = id("zipped:2");
        byte[] plain = Files.readAllBytes(saved(id));
        var zipped = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(zipped)) {
            gzip.write(plain);
        }
        docker("rmi", "zipped:2");
        docker("builder", "prune", "-f");

        assertThat(host.docker.runWith(zipped.toByteArray(), "load").out()).isEqualTo("Loaded image ID: " + id + "\n");
        assertThat(docker("run", "--rm", id, "cat", "/text").out()).isEqualTo("text of zipped\n");
    }

    @Test
    void theArchiveIsALayoutAsWell() throws Exception {
        made("layout");
        String id = id("layout:2");
        run(directory, "tar", "-xf", saved("layout:2").toString());
        docker("rmi", "layout:2");
        docker("builder", "prune", "-f");
        run(directory, "tar", "-cf", "only.tar", "blobs", "index.json", "oci-layout");

        assertThat(docker("load", "-i", directory.resolve("only.tar").toString())
                        .out())
                .isEqualTo("Loaded image: layout:2\n");
        assertThat(id("layout:2")).isEqualTo(id);
        assertThat(docker("run", "--rm", "layout:2", "cat", "/text").out()).isEqualTo("text of layout\n");
    }

    @Test
    void anArchiveOfTheOldKindWithZippedLayersIsLoaded() throws Exception {
        made("old");
        String id = id("old:2");
        run(directory, "tar", "-xf", saved("old:2").toString());
        docker("rmi", "old:2");
        docker("builder", "prune", "-f");
        run(directory, "sh", "-c", """
                set -e
                mkdir old one
                cp blobs/sha256/%1$s old/%1$s.json
                n=0
                for layer in $(sed 's/.*"Layers":\\[\\([^]]*\\)].*/\\1/; s/[",]/ /g' manifest.json); do
                    n=$((n + 1))
                    mkdir old/$n
                    cat $layer | gzip > one/$n.tar
                    ln -s ../../one/$n.tar old/$n/layer.tar
                    layers="$layers${layers:+,}\\"old/$n/layer.tar\\""
                done
                printf '[{"Config":"old/%1$s.json","RepoTags":["old:2"],"Layers":[%%s]}]' "$layers" > manifest.json
                tar -cf old.tar ./old ./one ./manifest.json
                """.formatted(id.replaceFirst("^sha256:", "")));

        assertThat(docker("load", "-i", directory.resolve("old.tar").toString()).out())
                .isEqualTo("Loaded image: old:2\n");
        assertThat(id("old:2")).isEqualTo(id);
        assertThat(docker("run", "--rm", "old:2", "cat", "/text").out()).isEqualTo("text of old\n");
    }

    @Test
    void whatCannotBeSavedOrLoadedIsRefused() throws Exception {
        assertThat(docker("save", "-o", directory.resolve("no.tar").toString(), "busybox", "nothere:1")
                        .err())
                .contains("reference does not exist");
        assertThat(host.docker.runWith(new byte[20 << 10], "load").err())
                .contains("invalid archive: does not contain a manifest.json");
        assertThat(host.docker
                        .runWith("no archive".repeat(200).getBytes(UTF_8), "load")
                        .err())
                .contains("archive/tar: invalid tar header");
    }
}
