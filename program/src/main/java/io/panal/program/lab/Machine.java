package io.panal.program.lab;

import io.panal.cli.Cli;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.machine.MachineCommand;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Runs panal's own commands, against one machine or against none.
final class Machine {
    private static final List<Command> MORE = List.of(MachineCommand.command());

    /// @param status what the command exits with
    /// @param output both streams, as they came
    record Ran(int status, String output) {
        boolean isWell() {
            return status == 0;
        }
    }

    private Machine() {}

    /// `panal machine ...` on this host.
    static Ran machine(Site site, List<String> words) {
        List<String> line = new java.util.ArrayList<>(List.of("machine"));
        line.addAll(words);
        line.addAll(List.of("--storage-path", site.storage().toString()));
        return run(site, line, Map.of());
    }

    /// A docker command, answered by a machine's daemon.
    static Ran docker(Site site, String machine, String address, String... words) {
        return run(
                site,
                List.of(words),
                Map.of(
                        "DOCKER_HOST",
                        "tcp://%s:2376".formatted(address),
                        "DOCKER_TLS_VERIFY",
                        "1",
                        "DOCKER_CERT_PATH",
                        site.storage().resolve("machines").resolve(machine).toString()));
    }

    /// The output of a command that must succeed.
    static String must(Ran ran, String what) throws Failure {
        if (!ran.isWell()) {
            throw Failure.because("%s failed:\n%s".formatted(what, ran.output().strip()));
        }
        return ran.output();
    }

    private static Ran run(Site site, List<String> words, Map<String, String> environment) {
        Map<String, String> all = new TreeMap<>(System.getenv());
        all.put("PANAL_HOME", site.home().toString());
        all.putAll(environment);
        var bytes = new ByteArrayOutputStream();
        var print = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int status =
                new Cli(MORE).run(words, all, new Session.Streams(InputStream.nullInputStream(), print, print, false));
        return new Ran(status, bytes.toString(StandardCharsets.UTF_8));
    }
}
