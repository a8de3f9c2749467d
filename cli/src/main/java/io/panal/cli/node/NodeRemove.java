package io.panal.cli.node;

import io.panal.cli.client.Query;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.OneByOne;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import java.io.IOException;
import java.util.List;

/// `node rm`.
final class NodeRemove implements Command.Action {
    private static final Usage USAGE = new Usage(
            "panal node rm",
            "[OPTIONS] NODE [NODE...]",
            "Remove one or more nodes from the swarm",
            List.of("panal node rm", "panal node remove"),
            "-f, --force   Force remove a node from the swarm\n",
            Usage.Arity.SOME);

    private NodeRemove() {}

    static Command command() {
        return new Command.Leaf(USAGE, new NodeRemove());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        return OneByOne.run(arguments.operands(), reference -> {
            Query query = Query.of("/nodes/", reference);
            session.engine().delete((arguments.isOn("force") ? query.with("force", 1) : query).toString());
            session.out().println(reference);
        });
    }
}
