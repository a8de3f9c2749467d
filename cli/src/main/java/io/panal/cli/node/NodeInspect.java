package io.panal.cli.node;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.shown.Inspection;
import java.io.IOException;
import java.util.List;

/// `node inspect`.
final class NodeInspect implements Command.Action {
    private static final Usage USAGE = Usage.of(
            "panal node inspect",
            "[OPTIONS] self|NODE [NODE...]",
            "Display detailed information on one or more nodes",
            Usage.INSPECT_FORMAT + "--pretty   Print the information in a human friendly format\n",
            Usage.Arity.SOME);

    private static final Inspection.Kind KIND = new Inspection.Kind("swarm.Node", List.of("ManagerStatus"));

    private NodeInspect() {}

    static Command command() {
        return new Command.Leaf(USAGE, new NodeInspect());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        String format = arguments.isOn("pretty") ? "pretty" : arguments.text("format");
        if (arguments.isOn("pretty") && arguments.has("format")) {
            throw Failure.because("--format is incompatible with human friendly format");
        }
        Inspection.Lookup lookup =
                reference -> NodeCommands.node(session.engine(), NodeCommands.resolved(session.engine(), reference));
        return format.equals("pretty")
                ? Inspection.run(arguments.operands(), NodePretty::show, lookup, session)
                : Inspection.run(arguments.operands(), format, KIND, lookup, session);
    }
}
