package io.panal.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How the launcher lays builds out, with a Java that only waits and jars that only differ.
class LauncherTest {
    /// A build calls it for class caches, which it does not make; a daemon is this shell, waiting for its input to end.
    private static final String WAITING_JAVA = """
            #!/bin/sh
            case "$*" in *AOTCacheOutput*) exit 1 ;; esac
            echo "runs $*"
            read -r _
            """;

    @TempDir
    private Path place;

    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void makeTree() throws IOException {
        Files.createDirectories(jar().getParent());
        Files.createDirectories(tree().resolve("setup"));
        Files.copy(Path.of("..", "panal"), tree().resolve("panal"));
        Files.copy(Path.of("..", "setup", "host.sh"), tree().resolve("setup").resolve("host.sh"));
        Path java = Files.createDirectories(place.resolve("jdk").resolve("bin")).resolve("java");
        Files.writeString(java, WAITING_JAVA);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(place.resolve("jdk").resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    }

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void aBuildChangesNothingUnderThoseWhoRun() throws IOException, InterruptedException {
        Path first = built("one");
        Process daemon = daemon();

        Path second = built("two");

        assertThat(second).isNotEqualTo(first);
        assertThat(first.resolve("lib").resolve("panal-program.jar")).hasContent("one");
        assertThat(built("three")).isNotEqualTo(second);
        assertThat(first).as("what the daemon runs from").exists();
        assertThat(second)
                .as("the one before, for a command that is just being started")
                .exists();

        daemon.getOutputStream().close();
        assertThat(daemon.waitFor(30, TimeUnit.SECONDS)).isTrue();
        Path last = built("four");
        assertThat(first).doesNotExist();
        assertThat(second).doesNotExist();
        assertThat(last.resolve("lib").resolve("panal-program.jar")).hasContent("four");
    }

    @Test
    void aBuildOfTheSameContentIsTheSameProgram() throws IOException, InterruptedException {
        Path first = built("one");
        Files.createFile(first.resolve("seen"));
        assertThat(built("one")).isEqualTo(first);
        assertThat(first.resolve("seen")).exists();
    }

    @Test
    void aProgramInThePlaceOfTheLinkIsKeptForThoseWhoRunIt() throws IOException, InterruptedException {
        Path before = Files.createDirectories(target().resolve("panal").resolve("lib"));
        Files.writeString(before.resolve("panal-program.jar"), "old");
        Path first = built("one");
        assertThat(target().resolve("panal")).isSymbolicLink();
        assertThat(first.resolve("lib").resolve("panal-program.jar")).hasContent("one");
        assertThat(target().resolve("panal-before").resolve("lib").resolve("panal-program.jar"))
                .hasContent("old");
    }

    @Test
    void whoManagedItsSwarmStartsFromTheManagersCache() throws IOException, InterruptedException {
        Path program = built("one");
        Files.createFile(program.resolve("daemon.aot"));
        Files.createFile(program.resolve("manager.aot"));
        assertThat(words(launch("daemon", "--data-root", place.toString()))).contains("/daemon.aot ");
        Path seat = Files.createDirectories(place.resolve("swarm")).resolve("seat");
        Files.writeString(seat, "{\"ClusterID\":\"c\",\"NodeID\":\"n\",\"Manager\":false}");
        assertThat(words(launch("daemon", "--data-root", place.toString()))).contains("/daemon.aot ");
        Files.writeString(seat, "{\"ClusterID\":\"c\",\"NodeID\":\"n\",\"Manager\":true}");
        assertThat(words(launch("daemon", "--data-root=" + place))).contains("/manager.aot ");
    }

    /// What the launcher calls Java with.
    private static String words(Process process) throws IOException {
        return process.inputReader().readLine();
    }

    /// Blanks in it, for users have such.
    private Path tree() {
        return place.resolve("a tree");
    }

    private Path target() {
        return tree().resolve("program").resolve("target");
    }

    private Path jar() {
        return target().resolve("jars").resolve("panal-program.jar");
    }

    private Path built(String content) throws IOException, InterruptedException {
        Files.writeString(jar(), content);
        Process build = launch("build", "--packaged");
        String said = new String(build.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(build.waitFor()).as(said).isZero();
        try (Stream<Path> drafts = Files.list(target())) {
            assertThat(drafts.map(path -> path.getFileName().toString())).doesNotContain("panal.new", "began");
        }
        return target().resolve("panal").toRealPath();
    }

    private Process daemon() throws IOException {
        Process daemon = launch("daemon");
        assertThat(daemon.getInputStream().read()).isEqualTo('r');
        return daemon;
    }

    private Process launch(String... words) throws IOException {
        List<String> line = new ArrayList<>(List.of(tree().resolve("panal").toString()));
        line.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("JAVA_HOME", place.resolve("jdk").toString());
        Process process = builder.start();
        started.add(process);
        return process;
    }
}
