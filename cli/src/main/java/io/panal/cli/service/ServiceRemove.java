package io.panal.cli.service;

import io.panal.cli.client.Query;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.OneByOne;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import java.io.IOException;
import java.util.List;

/// `service rm`.
final class ServiceRemove implements Command.Action {
    private static final Usage USAGE = new Usage(
            "panal service rm",
            "SERVICE [SERVICE...]",
            "Remove one or more services",
            List.of("panal service rm", "panal service remove"),
            "",
            Usage.Arity.SOME);

    private ServiceRemove() {}

    static Command command() {
        return new Command.Leaf(USAGE, new ServiceRemove());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        return OneByOne.run(arguments.operands(), reference -> {
            session.engine().delete(Query.of("/services/", reference).toString());
            session.out().println(reference);
        });
    }
}
