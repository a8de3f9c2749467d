package io.panal.cli.node;

import io.panal.cli.client.Query;
import io.panal.cli.client.RefusedException;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.shown.Tasks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `node ps`: the tasks of one or more nodes.
final class NodePs implements Command.Action {
    private static final Usage USAGE = Usage.of(
            "panal node ps",
            "[OPTIONS] [NODE...]",
            "List tasks running on one or more nodes, defaults to current node",
            """
            -f, --filter filter   Filter output based on conditions provided
            --format string   Pretty-print tasks using a Go template
            --no-resolve   Do not map IDs to Names
            --no-trunc   Do not truncate output
            -q, --quiet   Only display task IDs
            """,
            Usage.Arity.ANY);

    private NodePs() {}

    static Command command() {
        return new Command.Leaf(USAGE, new NodePs());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        List<String> references = arguments.operands().isEmpty() ? List.of("self") : arguments.operands();
        List<String> ids = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        for (String reference : references) {
            try {
                String resolved = NodeCommands.resolved(session.engine(), reference);
                ids.add(NodeCommands.node(session.engine(), resolved).text("ID"));
            } catch (RefusedException refused) {
                errors.add(String.valueOf(refused.getMessage()));
            }
        }
        if (errors.isEmpty() || !ids.isEmpty()) {
            Map<String, List<String>> filters = arguments.filters();
            filters.put("node", ids);
            List<Tree> tasks =
                    session.engine().list(Query.of("/tasks").filters(filters).toString());
            // Unlike `service ps`, docker's cuts ids here though nothing else is shown.
            Tasks.print(tasks, !arguments.isOn("no-trunc"), arguments, session);
        }
        if (!errors.isEmpty()) {
            throw Failure.because(String.join("\n", errors));
        }
        return 0;
    }
}
