package io.panal.cli.node;

import io.panal.cli.client.Engine;
import io.panal.cli.client.Query;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import java.io.IOException;

/// `node update`.
final class NodeUpdate implements Command.Action {
    private static final Usage USAGE =
            Usage.of("panal node update", "[OPTIONS] NODE", "Update a node", """
            --availability string   Availability of the node ("active", "pause", "drain")
            --label-add list   Add or update a node label ("key=value")
            --label-rm list   Remove a node label if exists
            --role string   Role of the node ("worker", "manager")
            """, Usage.Arity.ONE);

    private NodeUpdate() {}

    static Command command() {
        return new Command.Leaf(USAGE, new NodeUpdate());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        String reference = arguments.operand(0);
        Tree node = NodeCommands.node(session.engine(), reference);
        Tree spec = node.tree("Spec");
        if (arguments.has("role")) {
            spec.put("Role", arguments.text("role"));
        }
        if (arguments.has("availability")) {
            spec.put("Availability", arguments.text("availability"));
        }
        Tree labels = spec.make("Labels");
        for (String label : arguments.all("label-add")) {
            int equals = label.indexOf('=');
            labels.put(equals < 0 ? label : label.substring(0, equals), equals < 0 ? "" : label.substring(equals + 1));
        }
        for (String key : arguments.all("label-rm")) {
            if (!labels.map().containsKey(key)) {
                throw Failure.because("key " + key + " doesn't exist in node's labels");
            }
            labels.map().remove(key);
        }
        send(session.engine(), node);
        session.out().println(reference);
        return 0;
    }

    /// Sends a node's changed spec for the version it was read at.
    static void send(Engine engine, Tree node) throws IOException {
        Query query = Query.of("/nodes/", node.text("ID"), "/update").with("version", node.number("Version.Index"));
        engine.post(query.toString(), node.tree("Spec").map());
    }
}
