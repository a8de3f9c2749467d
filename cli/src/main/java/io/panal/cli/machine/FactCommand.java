package io.panal.cli.machine;

import io.panal.cli.Cli;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage.Arity;
import io.panal.machines.Machines;
import io.panal.machines.model.MachineFailure;
import io.panal.machines.model.MachineName;
import io.panal.machines.model.MachineState;
import java.io.IOException;
import java.time.Duration;

/// Commands that print one line for each machine named: `ip`, `status`, `url`, `version`.
final class FactCommand implements Command.Action {
    private static final String NAMES = "[OPTIONS] [NAME...]";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Fact fact;

    private FactCommand(Fact fact) {
        this.fact = fact;
    }

    @FunctionalInterface
    private interface Fact {
        String of(MachineName name, Machines machines) throws IOException;
    }

    static Command address() {
        return command(
                "ip",
                "Get the IP address of a machine",
                (name, machines) ->
                        running(name, machines).existing(name).address().toString());
    }

    static Command status() {
        return command(
                "status",
                "Get the status of a machine",
                (name, machines) -> machines.state(name).text());
    }

    static Command url() {
        return command(
                "url",
                "Get the URL of a machine",
                (name, machines) -> running(name, machines).existing(name).url());
    }

    /// Without a name, this program's own version.
    static Command version() {
        var ofEngine = new FactCommand((name, machines) -> running(name, machines)
                .engine(machines.existing(name), PATIENCE)
                .version());
        return new Command.Leaf(
                Storages.usage(
                        "version", NAMES, "Show the version, or the version of a machine's engine", "", Arity.ANY),
                (arguments, session) -> {
                    if (arguments.operands().isEmpty()) {
                        session.out().println("panal machine version " + Cli.VERSION);
                        return 0;
                    }
                    return ofEngine.run(arguments, session);
                });
    }

    private static Command command(String name, String summary, Fact fact) {
        return new Command.Leaf(Storages.usage(name, NAMES, summary, "", Arity.ANY), new FactCommand(fact));
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        var machines = Storages.open(arguments, session);
        for (var name : Storages.named(arguments, machines)) {
            session.out().println(fact.of(name, machines));
        }
        return 0;
    }

    private static Machines running(MachineName name, Machines machines) throws IOException {
        if (machines.state(name) != MachineState.RUNNING) {
            throw new MachineFailure("Host is not running");
        }
        return machines;
    }
}
