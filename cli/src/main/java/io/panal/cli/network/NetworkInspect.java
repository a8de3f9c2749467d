package io.panal.cli.network;

import io.panal.cli.client.Query;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.shown.Inspection;
import java.io.IOException;

/// `network inspect`.
final class NetworkInspect implements Command.Action {
    private static final Usage USAGE = Usage.of(
            "panal network inspect",
            "[OPTIONS] NETWORK [NETWORK...]",
            "Display detailed information on one or more networks",
            Usage.INSPECT_FORMAT + "-v, --verbose   Verbose output for diagnostics\n",
            Usage.Arity.SOME);

    private NetworkInspect() {}

    static Command command() {
        return new Command.Leaf(USAGE, new NetworkInspect());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        boolean verbose = arguments.isOn("verbose");
        return Inspection.run(
                arguments.operands(),
                arguments.text("format"),
                Inspection.Kind.ANY,
                reference -> {
                    Query query = Query.of("/networks/", reference);
                    return session.engine().get((verbose ? query.with("verbose", true) : query).toString());
                },
                session);
    }
}
