package io.panal.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Images and files of containers, made and moved by the stock docker client.
@Timeout(120)
class BuildTest {
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

    private Path file(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private StockDocker.Outcome build(String dockerfile, String... options) throws Exception {
        file("Dockerfile", dockerfile);
        String[] words = new String[options.length + 2];
        words[0] = "build";
        System.arraycopy(options, 0, words, 1, options.length);
        words[words.length - 1] = directory.toString();
        return docker(words);
    }

    @Test
    void aDockerfileBecomesAnImageAndItsStepsAreNotDoneTwice() throws Exception {
        file("pages/index.html", "a page\n");
        file("pages/deep/more.txt", "more\n");
        String dockerfile = """
                # the first stage is only taken from
                FROM busybox AS made
                RUN mkdir /out && echo built > /out/file && ln -s out /link
                FROM busybox
                ARG GREETING=hello
                ENV WHO="the world" \\
                    HOW=loud
                WORKDIR /srv/www
                COPY pages/ .
                COPY --from=made --chown=7:8 /link/file /srv/
                RUN echo "$GREETING $WHO" > greeting
                EXPOSE 80
                HEALTHCHECK --interval=5s CMD true
                LABEL of=test
                CMD ["cat", "greeting", "index.html", "deep/more.txt", "/srv/file"]
                """;

        StockDocker.Outcome first = build(dockerfile, "-t", "made:1", "--build-arg", "GREETING=hi");

        assertThat(first.out() + first.err())
                .contains("Step 9/13 : RUN echo \"$GREETING $WHO\" > greeting", "Successfully tagged made:1")
                .contains(" ---> Running in ");
        assertThat(docker("run", "--rm", "made:1").out()).isEqualTo("hi the world\na page\nmore\nbuilt\n");
        assertThat(docker("run", "--rm", "made:1", "ls", "-ln", "/srv/file").out())
                .containsPattern("^-rw-r--r--\\s+1\\s+7\\s+8\\s");
        assertThat(docker("image", "inspect", "made:1", "--format", "{{json .Config}}")
                        .out())
                .contains("\"WorkingDir\":\"/srv/www\"", "\"ExposedPorts\":{\"80/tcp\":{}}", "\"of\":\"test\"")
                .contains("\"Healthcheck\":{\"Test\":[\"CMD-SHELL\",\"true\"],\"Interval\":5000000000}");
        assertThat(docker("images", "--format", "{{.Repository}}:{{.Tag}}").out())
                .contains("made:1")
                .doesNotContain("<none>");

        StockDocker.Outcome again = build(dockerfile, "-t", "made:1", "--build-arg", "GREETING=hi");
        assertThat(again.out()).contains(" ---> Using cache").doesNotContain(" ---> Running in ");
        file("pages/index.html", "another page\n");
        assertThat(build(dockerfile, "-t", "made:2").out()).contains(" ---> Running in ");
        assertThat(docker("run", "--rm", "made:2").out()).startsWith("hello the world\nanother page\n");
    }

    @Test
    void aStepThatFailsEndsTheBuildWithItsReason() throws Exception {
        assertThat(build("FROM busybox\nRUN echo before && exit 7\n").err())
                .contains("The command '/bin/sh -c echo before && exit 7' returned a non-zero code: 7");
        assertThat(build("FROM busybox\nCOPY nope /\n").err())
                .contains("COPY failed: file not found in build context or excluded by .dockerignore: stat nope");
        assertThat(build("FROM busybox\nFETCH x\n").err())
                .contains("dockerfile parse error line 2: unknown instruction: FETCH");
        assertThat(docker("ps", "-aq").out()).isEmpty();
    }

    @Test
    void aQuietBuildPrintsTheImageAloneAndAFailedOneWhatLedToIt() throws Exception {
        StockDocker.Outcome quiet = build("FROM busybox\nRUN echo aloud\n", "-q", "-t", "quiet:1");

        assertThat(quiet.out().strip())
                .isEqualTo(docker("image", "inspect", "quiet:1", "--format", "{{.Id}}")
                        .out()
                        .strip());
        StockDocker.Outcome failed = build("FROM busybox\nRUN echo aloud && exit 7\n", "-q");
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err()).contains("aloud\n", "returned a non-zero code: 7");
    }

    @Test
    void aCopyIntoALinkedDirectoryKeepsTheLink() throws Exception {
        file("tool", "tool\n");

        build("FROM busybox\nRUN mkdir /real && ln -s real /linked\nCOPY tool /linked/tool\n", "-t", "linked:1");

        assertThat(docker("run", "--rm", "linked:1", "sh", "-c", "readlink /linked; cat /real/tool")
                        .out())
                .isEqualTo("real\ntool\n");
    }

    @Test
    void filesAreCopiedIntoContainersAndOutOfThem() throws Exception {
        file("in/one.txt", "one\n");
        docker("create", "--name", "box", "-v", "boxes:/data", "busybox", "sleep", "100");

        assertThat(docker("cp", directory.resolve("in").toString(), "box:/data").err())
                .doesNotContain("rror");
        docker("start", "box");
        assertThat(docker("exec", "box", "cat", "/data/in/one.txt").out()).isEqualTo("one\n");
        docker("exec", "box", "sh", "-c", "ln -s / /tmp/up; ln -s /etc/passwd /tmp/users; echo two > /two.txt");
        docker("cp", "box:/two.txt", directory.resolve("two.txt").toString());
        assertThat(directory.resolve("two.txt")).hasContent("two\n");
        docker("cp", directory.resolve("two.txt").toString(), "box:/tmp/up/");
        assertThat(docker("cp", "box:/no/such", directory.toString()).err())
                .containsAnyOf(
                        "Could not find the file /no/such in container box",
                        // Clients before 23 have their own words for our 404.
                        "No such container:path: box:/no/such");
        docker("cp", "-L", "box:/tmp/users", directory.resolve("users").toString());
        assertThat(directory.resolve("users"))
                .hasContent(docker("exec", "box", "cat", "/etc/passwd").out());
        docker("rm", "-f", "box");
    }

    @Test
    void aContainerIsCommittedExportedAndImported() throws Exception {
        docker("run", "--name", "source", "busybox", "sh", "-c", "echo kept > /kept.txt; rm /bin/wget");

        assertThat(docker("commit", "-m", "a message", "-c", "CMD [\"cat\", \"/kept.txt\"]", "source", "kept:1")
                        .out())
                .startsWith("sha256:");
        assertThat(docker("run", "--rm", "kept:1").out()).isEqualTo("kept\n");
        assertThat(docker("run", "--rm", "kept:1", "ls", "/bin/wget").code()).isEqualTo(1);
        Path archive = directory.resolve("files.tar");
        docker("export", "-o", archive.toString(), "source");
        docker("import", "-c", "CMD [\"cat\", \"/kept.txt\"]", archive.toString(), "imported:1");
        assertThat(docker("run", "--rm", "imported:1").out()).isEqualTo("kept\n");
        docker("rm", "source");
    }
}
