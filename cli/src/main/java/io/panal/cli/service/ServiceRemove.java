package io.panal.cli.service;

import io.panal.cli.client.Query;
import io.panal.cli.client.RefusedException;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import java.io.IOException;
import java.util.ArrayList;
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
        List<String> errors = new ArrayList<>();
        for (String reference : arguments.operands()) {
            try {
                session.engine().delete(Query.of("/services/", reference).toString());
                session.out().println(reference);
            } catch (RefusedException refused) {
                errors.add(String.valueOf(refused.getMessage()));
            }
        }
        if (!errors.isEmpty()) {
            throw Failure.because(String.join("\n", errors));
        }
        return 0;
    }
}
