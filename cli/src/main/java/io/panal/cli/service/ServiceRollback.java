package io.panal.cli.service;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.progress.Convergence;
import java.io.IOException;

/// `service rollback`.
final class ServiceRollback implements Command.Action {
    private static final Usage USAGE = Usage.of(
            "panal service rollback",
            "[OPTIONS] SERVICE",
            "Revert changes to a service's configuration",
            """
            -d, --detach   Exit immediately instead of waiting for the service to converge
            -q, --quiet   Suppress progress output
            """,
            Usage.Arity.ONE);

    private ServiceRollback() {}

    static Command command() {
        return new Command.Leaf(USAGE, new ServiceRollback());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        String reference = arguments.operand(0);
        Tree service = ServiceCommands.service(session.engine(), reference);
        Updates.warn(session, Updates.send(session, Updates.of(service).with("rollback", "previous"), service, ""));
        session.out().println(reference);
        if (!arguments.isOn("detach")) {
            Convergence.await(session, reference, arguments.isOn("quiet"));
        }
        return 0;
    }
}
