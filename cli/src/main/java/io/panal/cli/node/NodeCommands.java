package io.panal.cli.node;

import io.panal.cli.client.Engine;
import io.panal.cli.client.Query;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.json.Tree;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The commands behind `node`.
public final class NodeCommands {
    private static final List<String> NAMES = List.of("demote", "inspect", "ls", "promote", "ps", "rm", "update");

    private NodeCommands() {}

    public static Command group() {
        return new Command.Group("panal node", "Manage Swarm nodes", NAMES, NodeCommands::find);
    }

    private static Optional<Command> find(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "demote" -> NodeRole.demote();
                    case "inspect" -> NodeInspect.command();
                    case "ls", "list" -> NodeList.command();
                    case "promote" -> NodeRole.promote();
                    case "ps" -> NodePs.command();
                    case "rm", "remove" -> NodeRemove.command();
                    case "update" -> NodeUpdate.command();
                    default -> null;
                });
    }

    /// The id of the node that the daemon is; other references stay as they are.
    ///
    /// @throws Failure when the daemon is in no swarm
    static String resolved(Engine engine, String reference) throws Failure, IOException {
        if (!reference.equals("self")) {
            return reference;
        }
        Tree info = engine.get("/info");
        String id = info.text("Swarm.NodeID");
        if (id.isEmpty()) {
            // The daemon says best why: asking for nodes is refused with the reason.
            engine.list("/nodes");
            throw Failure.because("node ID not found in /info");
        }
        return id;
    }

    static Tree node(Engine engine, String reference) throws IOException {
        return engine.get(Query.of("/nodes/", reference).toString());
    }
}
