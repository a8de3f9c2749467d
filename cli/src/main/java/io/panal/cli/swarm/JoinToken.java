package io.panal.cli.swarm;

import io.panal.cli.client.Query;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.shown.Text;
import java.io.IOException;

/// `swarm join-token`.
final class JoinToken implements Command.Action {
    private static final Usage USAGE = Usage.of(
            "panal swarm join-token", "[OPTIONS] (worker|manager)", "Manage join tokens", """
            -q, --quiet   Only display token
            --rotate   Rotate join token
            """, Usage.Arity.ONE);

    private JoinToken() {}

    static Command command() {
        return new Command.Leaf(USAGE, new JoinToken());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        String role = arguments.operand(0);
        if (!role.equals("worker") && !role.equals("manager")) {
            throw Failure.because("unknown role " + role);
        }
        boolean quiet = arguments.isOn("quiet");
        Tree swarm = session.engine().get("/swarm");
        if (arguments.isOn("rotate")) {
            boolean manager = role.equals("manager");
            Settings.send(
                    session.engine(),
                    swarm,
                    manager ? Settings.Rotation.MANAGER_TOKEN : Settings.Rotation.WORKER_TOKEN);
            if (!quiet) {
                session.out().print("Successfully rotated " + role + " join token.\n\n");
            }
            swarm = session.engine().get("/swarm");
        }
        if (quiet) {
            session.out().println(swarm.text("JoinTokens." + Text.capital(role)));
        } else {
            printCommand(session, session.engine().get("/info").text("Swarm.NodeID"), role);
        }
        return 0;
    }

    /// Prints the command that joins another node in a role.
    ///
    /// @param node the manager whose address it names
    static void printCommand(Session session, String node, String role) throws Failure, IOException {
        Tree manager = session.engine().get(Query.of("/nodes/", node).toString());
        Tree swarm = session.engine().get("/swarm");
        if (manager.has("ManagerStatus")) {
            session.out()
                    .print("To add a " + role
                            + " to this swarm, run the following command:\n\n    panal swarm join --token "
                            + swarm.text("JoinTokens." + Text.capital(role)) + " "
                            + manager.text("ManagerStatus.Addr") + "\n\n");
        }
    }
}
