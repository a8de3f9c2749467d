package io.panal.cli.swarm;

import io.panal.cli.client.Query;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import java.io.IOException;

/// `swarm leave`.
final class SwarmLeave implements Command.Action {
    private static final Usage USAGE = Usage.of(
            "panal swarm leave",
            "[OPTIONS]",
            "Leave the swarm",
            "-f, --force   Force this node to leave the swarm, ignoring warnings\n",
            Usage.Arity.NONE);

    private SwarmLeave() {}

    static Command command() {
        return new Command.Leaf(USAGE, new SwarmLeave());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        Query query = Query.of("/swarm/leave");
        if (arguments.isOn("force")) {
            query.with("force", 1);
        }
        session.engine().post(query.toString(), null);
        session.out().println("Node left the swarm.");
        return 0;
    }
}
