package io.panal.machines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.machines.model.MachineName;
import io.panal.machines.model.MachineState;
import io.panal.machines.model.Progress;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrashTest {
    @ParameterizedTest(name = "killed at: {0}")
    @ValueSource(strings = {"Creating machine...", "(node1) Starting", "Checking connection"})
    void aKilledCreationIsShownAndCanBeMadeAgain(String step) throws Exception {
        try (var lab = Lab.in("10.231.10.1/24")) {
            killAt(step, lab.storage);
            var name = MachineName.of("node1");
            var listing = lab.machines.listing(name, Duration.ofSeconds(1));
            assertThat(listing.state()).isIn(MachineState.ERROR, MachineState.RUNNING);
            assertThat(listing.error()).isNotEmpty();

            lab.create("node1");

            // Nothing of the creation is left; what remains is what the stand-in says of itself.
            assertThat(lab.machines.listing(name, Duration.ofSeconds(5)).error())
                    .isEqualTo("the disk is full");
            assertThat(lab.machines.existing(name).address()).hasToString("10.231.10.100");
        }
        Traces.none("10.231.10.0");
    }

    private static void killAt(String step, Path storage) throws Exception {
        var creation = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CreateForKill.class.getName(),
                        storage.toString(),
                        "node1",
                        "10.231.10.1/24")
                .redirectErrorStream(true)
                .start();
        var said = new StringBuilder();
        try (var lines = new BufferedReader(new InputStreamReader(creation.getInputStream()))) {
            for (var line = lines.readLine(); line != null && !line.startsWith(step); line = lines.readLine()) {
                said.append(line).append('\n');
            }
            assertThat(creation.isAlive()).as(said.toString()).isTrue();
            creation.destroyForcibly().waitFor();
        }
    }

    @Test
    void aDaemonThatDiesIsStartedAgainAndOrphansAreCollected() throws Exception {
        try (var lab = Lab.in("10.231.11.1/24")) {
            var name = lab.create("node1");
            lab.shell(name, "pkill -9 -f StandInDaemon");
            Eventually.is("2", () -> lab.shell(name, "wc -l </var/lib/panal/starts"));

            lab.shell(name, "(sleep 0.05 &) ; (sh -c 'exit 3' &)");
            Eventually.is("0", () -> lab.shell(name, "ps -eo stat | grep -c '^Z'"));
            assertThat(lab.shell(name, "cat /var/log/panal.log")).contains("the daemon ended with status 137");
        }
    }

    @Test
    void aDaemonThatCannotStartIsReportedWithItsLogAndTheMachineStays() throws Exception {
        try (var lab = Lab.in("10.231.12.1/24", List.of("/bin/sh", "-c", "echo no such luck; exit 4"))) {
            assertThatThrownBy(() -> lab.create("node1"))
                    .hasMessageContaining("ended 3 times")
                    .hasMessageContaining("no such luck")
                    .hasMessageContaining("panal machine rm node1");
            assertThat(lab.machines.state(MachineName.of("node1"))).isEqualTo(MachineState.RUNNING);
        }
        Traces.none("10.231.12.0");
    }

    @Test
    void aHostThatLostItsRunDirectoryShowsTheMachineStoppedAndStartsIt() throws Exception {
        try (var lab = Lab.in("10.231.13.1/24")) {
            var name = lab.create("node1");
            // What a reboot leaves: files on disk, nothing in the kernel and nothing below /run.
            lab.machines.kill(name, Progress.silent());
            new ProcessBuilder("ip", "link", "delete", "panal-0ae70d00").start().waitFor();
            new ProcessBuilder("nft", "delete", "table", "ip", "panal_0ae70d00")
                    .start()
                    .waitFor();
            new ProcessBuilder("rm", "-rf", lab.site.runDirectory().toString())
                    .start()
                    .waitFor();

            assertThat(lab.machines.state(name)).isEqualTo(MachineState.STOPPED);
            lab.machines.start(name, Progress.silent());
            assertThat(lab.machines.state(name)).isEqualTo(MachineState.RUNNING);
        }
        Traces.none("10.231.13.0");
    }

    @Test
    void anUnreadableRecordIsSaidAndCanBeRemoved() throws Exception {
        try (var lab = Lab.in("10.231.14.1/24")) {
            var name = lab.create("node1");
            Files.writeString(lab.storage.resolve("machines/node1/config.json"), "{\"Name\": ");
            var listing = lab.machines.listing(name, Duration.ofSeconds(1));
            assertThat(listing.state()).isEqualTo(MachineState.ERROR);
            assertThat(listing.error()).contains("cannot be read", "panal machine rm -f node1");
        }
        Traces.none("10.231.14.0");
    }
}
