package io.panal.cli.machine;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Terminals;
import io.panal.cli.command.Usage.Arity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// `machine ssh`: a root shell in a machine, or one command there, with its exit status.
///
/// No server and no keys: whoever may run this is root on the host that holds the machine, and enters its namespaces.
final class ShellCommand implements Command.Action {
    /// Bash where the host has it, as root's login shell would be.
    private static final String LOGIN = "[ -x /bin/bash ] && exec /bin/bash -l; exec /bin/sh -l";
    private static final String RUN = "[ -x /bin/bash ] && exec /bin/bash -c \"$1\"; exec /bin/sh -c \"$1\"";

    private ShellCommand() {}

    static Command command() {
        return new Command.Leaf(
                Storages.usage(
                        "ssh",
                        "[OPTIONS] [NAME] [COMMAND...]",
                        "Log into or run a command on a machine",
                        "",
                        new Arity(0, Integer.MAX_VALUE, true)),
                new ShellCommand());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        var machines = Storages.open(arguments, session);
        var operands = arguments.operands();
        var name = operands.isEmpty()
                ? Storages.one(arguments, machines)
                : Storages.existing(operands.getFirst(), machines);
        var words = operands.subList(Math.min(1, operands.size()), operands.size());
        if (!words.isEmpty() && words.getFirst().equals("--")) {
            words = words.subList(1, words.size());
        }
        var terminal = Terminals.isTerminal(0) && Terminals.isTerminal(1);
        var type = session.variable("TERM");
        var environment = terminal ? List.of("TERM=" + (type.isEmpty() ? "xterm" : type)) : List.<String>of();
        var command = new ArrayList<>(machines.entry(name, terminal, environment));
        command.addAll(
                words.isEmpty()
                        ? List.of("/bin/sh", "-c", LOGIN)
                        : List.of("/bin/sh", "-c", RUN, "ssh", String.join(" ", words)));
        session.out().flush();
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Failure.exiting(130, "interrupted");
        }
    }
}
