package io.panal.cli.machine;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage.Arity;
import java.io.IOException;

/// `machine regenerate-certs`: a new certificate for a machine's server.
final class RegenerateCommand implements Command.Action {
    private static final String OPTIONS = """
            -f, --force   Force rebuild and do not prompt
            """;

    private RegenerateCommand() {}

    static Command command() {
        return new Command.Leaf(
                Storages.usage(
                        "regenerate-certs",
                        "[OPTIONS] [NAME...]",
                        "Regenerate TLS Certificates for a machine",
                        OPTIONS,
                        Arity.ANY),
                new RegenerateCommand());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        var machines = Storages.open(arguments, session);
        var names = Storages.named(arguments, machines);
        if (!arguments.isOn("force")
                && !Confirmation.given(
                        session, "Regenerate TLS machine certs?  Warning: this is irreversible. (y/n): ")) {
            return 0;
        }
        session.out().println("Regenerating TLS certificates");
        session.out().flush();
        Together.apply(names, machines::renewCertificate);
        return 0;
    }
}
