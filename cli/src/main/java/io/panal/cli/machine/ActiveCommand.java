package io.panal.cli.machine;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage.Arity;
import io.panal.machines.model.MachineState;
import java.io.IOException;

/// `machine active`: the machine that DOCKER_HOST points at.
final class ActiveCommand implements Command.Action {
    private static final String OPTIONS = """
            -t, --timeout int   Timeout in seconds, default to 10s (accepted, nobody is waited for)
            """;

    private ActiveCommand() {}

    static Command command() {
        return new Command.Leaf(
                Storages.usage("active", "[OPTIONS]", "Print which machine is active", OPTIONS, Arity.ANY),
                new ActiveCommand());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        if (!arguments.operands().isEmpty()) {
            throw Failure.because("Error: Too many arguments given");
        }
        var machines = Storages.open(arguments, session);
        for (var name : machines.names()) {
            var isActive = machines.state(name) == MachineState.RUNNING
                    && machines.existing(name).url().equals(session.variable("DOCKER_HOST"));
            if (isActive) {
                session.out().println(name);
                return 0;
            }
        }
        throw Failure.because("No active host found");
    }
}
