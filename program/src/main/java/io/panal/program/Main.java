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
        List<Command> more = List.of(MachineCommand.command(), DaemonCommand.command(), LabCommand.command());
        System.exit(new Cli(more).run(words));
    }
}
