package io.panal.cli.machine;

import io.panal.cli.Cli;
import io.panal.cli.command.Session.Streams;
import io.panal.machines.Rehearsal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The machine commands' part of the rehearsal after a build; makes no machine.
public final class MachineRehearsal {
    private static final List<List<String>> COMMANDS = List.of(
            List.of("machine", "ls"),
            List.of("machine", "ls", "-q"),
            List.of("machine", "env", "node1"),
            List.of("machine", "ssh", "node1", "true"),
            List.of("machine", "rm", "-y", "node1"),
            List.of("machine", "create", "--memory", "512m", "--cpus", "1", "node_1"));

    private MachineRehearsal() {}

    public static void run() throws IOException {
        var directory = Files.createTempDirectory("panal-rehearsal");
        try {
            var variables = Map.of(
                    "PANAL_HOME", directory.toString(),
                    "MACHINE_STORAGE_PATH", directory.resolve("machines").toString());
            for (var command : COMMANDS) {
                var out = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
                new Cli(List.of(MachineCommand.command()))
                        .run(command, variables, new Streams(InputStream.nullInputStream(), out, out, false));
            }
            Rehearsal.run(directory);
            io.panal.cli.Rehearsal.overTls(directory);
        } finally {
            try (var files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        }
    }
}
