package io.panal.cli.machine;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage.Arity;
import io.panal.machines.model.MachineState;
import java.io.IOException;

/// `machine config`: the docker client's flags that point it at a machine.
final class ConfigCommand implements Command.Action {
    private ConfigCommand() {}

    static Command command() {
        return new Command.Leaf(
                Storages.usage("config", "[OPTIONS] [NAME]", "Print the connection config for machine", "", Arity.ANY),
                new ConfigCommand());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        var machines = Storages.open(arguments, session);
        var name = Storages.one(arguments, machines);
        if (machines.state(name) != MachineState.RUNNING) {
            throw Failure.because("Error checking TLS connection: Host is not running");
        }
        var certificates = machines.certificates(name);
        session.out().print("""
                        --tlsverify
                        --tlscacert="%1$s/ca.pem"
                        --tlscert="%1$s/cert.pem"
                        --tlskey="%1$s/key.pem"
                        -H=%2$s
                        """.formatted(certificates, machines.existing(name).url()));
        return 0;
    }
}
