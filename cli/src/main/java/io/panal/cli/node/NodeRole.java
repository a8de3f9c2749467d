package io.panal.cli.node;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import java.io.IOException;

/// `node promote` and `node demote`.
///
/// @param role the role the nodes get
/// @param done said of each node that got it, around its name
record NodeRole(String role, String before, String done) implements Command.Action {
    static Command promote() {
        Usage usage = Usage.of(
                "panal node promote",
                "NODE [NODE...]",
                "Promote one or more nodes to manager in the swarm",
                "",
                Usage.Arity.SOME);
        return new Command.Leaf(usage, new NodeRole("manager", "Node ", " promoted to a manager in the swarm."));
    }

    static Command demote() {
        Usage usage = Usage.of(
                "panal node demote",
                "NODE [NODE...]",
                "Demote one or more nodes from manager in the swarm",
                "",
                Usage.Arity.SOME);
        return new Command.Leaf(usage, new NodeRole("worker", "Manager ", " demoted in the swarm."));
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        for (String reference : arguments.operands()) {
            Tree node = NodeCommands.node(session.engine(), reference);
            if (node.text("Spec.Role").equals(role)) {
                session.out().println("Node " + node.text("ID") + " is already a " + role + ".");
                continue;
            }
            node.tree("Spec").put("Role", role);
            NodeUpdate.send(session.engine(), node);
            session.out().println(before + reference + done);
        }
        return 0;
    }
}
