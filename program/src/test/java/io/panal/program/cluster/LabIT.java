package io.panal.program.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The lab as someone makes it who changes their mind on the way.
class LabIT {
    private static final String NETWORK = "192.168.184.";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /// Beginnings of lines, while machines are made, while nodes join, while tasks start.
    private static final List<String> MOMENTS = List.of("  $ panal machine create", "4. The swarm", "7. Scale it");

    private final Place place = Place.in(NETWORK + "1/24");

    @AfterEach
    void clear() {
        lab("rm");
        place.close();
    }

    @Test
    void anInterruptedLabSaysHowToGoOnAndGoesOn() throws Exception {
        for (String moment : MOMENTS) {
            interruptAt(moment);
        }

        Ran ran = lab("--cidr", NETWORK + "1/24");
        assertThat(ran.must()).contains("the same page from each").contains("The lab is ready");
        assertThat(ran.out()).contains("5. The swarm: workers join").contains("6 there already");
        Ran removed = lab("rm");
        assertThat(removed.must()).contains("6 machines are gone");
        leavesNothing();
    }

    @Test
    void aLabThatCannotBeFinishedSaysWhyAndHowToGoOn() throws Exception {
        Ran failed = lab("--cidr", NETWORK + "1/29");
        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.err().lines())
                .anyMatch(line -> line.contains("no address is left"))
                .last()
                .isEqualTo("Once that is mended, panal lab goes on from here, panal lab rm takes it away.");
        lab("rm").must();
        leavesNothing();
    }

    /// As a terminal does at Ctrl-C: to every process of the foreground. A shell's background, where tests may run,
    /// has its processes ignore it.
    private void interruptAt(String moment) throws IOException, InterruptedException {
        Path out = Files.createTempFile(place.storage(), "lab", ".out");
        Path err = Files.createTempFile(place.storage(), "lab", ".err");
        ProcessBuilder builder = new ProcessBuilder(
                        "setsid",
                        "env",
                        "--default-signal=INT",
                        place.launcher().toString(),
                        "lab",
                        "--cidr",
                        NETWORK + "1/24")
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment());
        Process lab = builder.start();
        Eventually.holds(
                "the line " + moment, () -> read(out), said -> said.lines().anyMatch(line -> line.startsWith(moment)));
        // It leads the group that setsid made.
        Commands.run("kill", "-INT", "--", "-" + lab.pid()).must();

        assertThat(lab.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(lab.exitValue()).as(moment).isEqualTo(130);
        assertThat(read(err).strip())
                .as(moment)
                .isEqualTo("Interrupted: panal lab goes on from here, panal lab rm takes it away.");
    }

    /// No process, mount, address, rule or file of it.
    private void leavesNothing() throws IOException {
        String storage = place.storage().toString();
        try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
            assertThat(processes.filter(process -> commandLine(process).contains(storage)))
                    .as("processes")
                    .isEmpty();
        }
        assertThat(read(Path.of("/proc/self/mountinfo"))).doesNotContain(storage);
        assertThat(Commands.run("ip", "-o", "addr").must()).doesNotContain(NETWORK);
        assertThat(Commands.run("nft", "list", "ruleset").must()).doesNotContain(NETWORK);
        try (Stream<Path> kept = Files.walk(place.storage())) {
            assertThat(kept.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .allMatch(name -> name.startsWith("lab") || name.endsWith(".pem"));
        }
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(
                    Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException ended) {
            return "";
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Ran lab(String... words) {
        List<String> line = new ArrayList<>(List.of(place.launcher().toString(), "lab"));
        line.addAll(List.of(words));
        return Commands.run(environment(), line, PATIENCE);
    }

    private Map<String, String> environment() {
        return Map.of(
                "MACHINE_STORAGE_PATH", place.storage().resolve("machines").toString());
    }
}
