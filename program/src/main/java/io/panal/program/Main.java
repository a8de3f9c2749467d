package io.panal.program;

import io.panal.cli.Cli;
import io.panal.cli.command.Command;
import io.panal.cli.machine.MachineCommand;
import io.panal.program.lab.LabCommand;
import java.util.List;

/// The program `panal`.
public final class Main {
    private Main() {}

    public static void main(String[] words) {
        int exitCode = new Cli(commands()).run(words);
        if (words.length > 0 && words[0].equals("daemon")) {
            System.exit(exitCode);
        }
        // A command has nothing left to do; an orderly exit would first set up logging to say that it exits.
        Runtime.getRuntime().halt(exitCode);
    }

    /// The commands that only this program has.
    static List<Command> commands() {
        return List.of(MachineCommand.command(), DaemonCommand.command(), LabCommand.command());
    }
}
