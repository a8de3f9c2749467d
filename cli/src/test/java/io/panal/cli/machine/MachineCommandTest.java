package io.panal.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.cli.Cli;
import io.panal.cli.command.Session.Streams;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineCommandTest {
    @TempDir
    Path storage;

    private record Said(int exit, String out, String err) {}

    private Said panal(String line) {
        var words = new ArrayList<>(List.of("machine"));
        words.addAll(line.isEmpty() ? List.of() : List.of(line.split(" ")));
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var exit = new Cli(List.of(MachineCommand.command()))
                .run(
                        words,
                        Map.of(
                                "PANAL_HOME",
                                "/nowhere",
                                "MACHINE_STORAGE_PATH",
                                storage.toString(),
                                "SHELL",
                                "/bin/sh"),
                        new Streams(InputStream.nullInputStream(), new PrintStream(out), new PrintStream(err), false));
        return new Said(exit, out.toString(), err.toString());
    }

    @ParameterizedTest(name = "machine {0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            create                  | Error: No machine name specified
            create a_b              | Error creating machine: Invalid hostname specified. Allowed hostname chars are: 0-9a-zA-Z . -
            create --memory x m     | Error creating machine: invalid value "x" for memory: megabytes, or a size such as 512m or 2g
            create --cidr 1.2.3 m   | Error creating machine: invalid CIDR address: 1.2.3
            rm                      | Error: Expected to get one or more machine names as arguments
            rm -y m                 | Error removing host "m": Docker machine "m" does not exist. Use "panal machine ls" to list machines. Use "panal machine create" to add a new one.
            stop m                  | Docker machine "m" does not exist. Use "panal machine ls" to list machines. Use "panal machine create" to add a new one.
            ssh m true              | Docker machine "m" does not exist. Use "panal machine ls" to list machines. Use "panal machine create" to add a new one.
            ip                      | Error: No machine name(s) specified and no "default" machine exists
            env                     | Error: No machine name(s) specified and no "default" machine exists
            env -u m                | Error: Expected no machine name when the -u flag is present
            env a b                 | Error: Expected one machine name as an argument
            active m                | Error: Too many arguments given
            active                  | No active host found
            scp a                   | Error: Improper number of arguments
            ls --filter x           | Unsupported filter syntax.
            """)
    void aMistakeIsAnsweredInTheWordsOfDockerMachine(String line, String error) {
        var said = panal(line);
        assertThat(said.err()).isEqualTo(error + "\n");
        assertThat(said.exit()).isEqualTo(1);
    }

    @Test
    void theOptionsOfCreateStandBesideTheirMeaning() {
        assertThat(panal("create --help").out().lines())
                .anyMatch(line -> line.matches(" +--cidr string +Network of .*"))
                .noneMatch(line -> line.endsWith(" "));
    }

    @Test
    void virtualBoxIsAnsweredWithTheLineThatWorks() {
        var said = panal("create --driver virtualbox --virtualbox-cpu-count 1 --virtualbox-memory 1024"
                + " --virtualbox-hostonly-cidr 192.168.66.1/24 manager-1");
        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.err())
                .contains("Error with pre-create check: ")
                .contains("\n  panal machine create --driver local --virtualbox-cpu-count 1"
                        + " --virtualbox-hostonly-cidr 192.168.66.1/24 --virtualbox-memory 1024 manager-1\n");
    }

    @Test
    void anUnknownDriverIsNamedAndTheOneThatWorksIsSaid() {
        assertThat(panal("create -d hyperfoo m").err())
                .startsWith("Error loading driver \"hyperfoo\": Driver \"hyperfoo\" not found.")
                .endsWith("panal machine create --driver local m\n");
    }

    @Test
    void anEmptyStorageListsNothingAndIsNotMade() {
        var missing = storage.resolve("missing");
        var said = panal("-s " + missing + " ls");
        assertThat(said.out()).isEqualTo("NAME   ACTIVE   DRIVER   STATE   URL   SWARM   DOCKER   ERRORS\n");
        assertThat(panal("ls -q --storage-path " + missing).out()).isEmpty();
        assertThat(missing).doesNotExist();
    }

    @Test
    void variablesAreUnsetInTheOrderTheyAreSet() {
        assertThat(panal("env -u --shell bash").out()).isEqualTo("""
                unset DOCKER_TLS_VERIFY
                unset DOCKER_HOST
                unset DOCKER_CERT_PATH
                unset DOCKER_MACHINE_NAME
                # Run this command to configure your shell:\s
                # eval $(panal machine env --shell bash -u)
                """);
    }

    @Test
    void flagsWithoutMeaningHereAreTakenAndSaidSo() {
        var said = panal("create --swarm --virtualbox-ui-type gui --engine-storage-driver aufs a_b");
        assertThat(said.err())
                .contains("Warning: --swarm has no effect: classic Swarm is no more.")
                .contains("Warning: --engine-storage-driver has no effect: Panal's daemon has no such setting")
                .contains("Warning: --virtualbox-ui-type has no effect: a local machine has no virtual hardware");
    }

    @Test
    void everyCommandHasHelp() {
        for (var line :
                panal("").out().lines().filter(line -> line.startsWith("  ")).toList()) {
            var name = line.strip().split(" ")[0];
            var help = panal(name + " --help");
            assertThat(help.exit()).isZero();
            assertThat(help.out()).startsWith("Usage:  panal machine " + name);
            assertThat(panal("help " + name)).isEqualTo(help);
        }
    }
}
