package io.panal.cli.service;

import io.panal.cli.client.Query;
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

/// `service ps`: the tasks of one or more services.
final class ServicePs implements Command.Action {
    private static final Usage USAGE = Usage.of(
            "panal service ps",
            "[OPTIONS] SERVICE [SERVICE...]",
            "List the tasks of one or more services",
            """
            -f, --filter filter   Filter output based on conditions provided
            --format string   Pretty-print tasks using a Go template
            --no-resolve   Do not map IDs to Names
            --no-trunc   Do not truncate output
            -q, --quiet   Only display task IDs
            """,
            Usage.Arity.SOME);

    private ServicePs() {}

    static Command command() {
        return new Command.Leaf(USAGE, new ServicePs());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        Map<String, List<String>> filters = arguments.filters();
        List<String> references = arguments.operands();
        List<Tree> byId = session.engine()
                .list(Query.of("/services").filters(Map.of("id", references)).toString());
        List<Tree> byName = session.engine()
                .list(Query.of("/services").filters(Map.of("name", references)).toString());
        List<String> ids = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String reference : references) {
            String id = find(reference, byId, byName);
            if (id.isEmpty()) {
                missing.add("no such service: " + reference);
            } else {
                ids.add(id);
            }
        }
        if (!ids.isEmpty()) {
            filters.put("service", ids);
            resolveSelf(filters, session);
            List<Tree> tasks =
                    session.engine().list(Query.of("/tasks").filters(filters).toString());
            Tasks.print(tasks, arguments, session);
        }
        if (!missing.isEmpty()) {
            throw Failure.because(String.join("\n", missing));
        }
        return 0;
    }

    /// The id that a reference means: a whole id, a name, or the only id that starts so; empty when there is none.
    private static String find(String reference, List<Tree> byId, List<Tree> byName) throws Failure {
        for (Tree service : byId) {
            if (service.text("ID").equals(reference)) {
                return reference;
            }
        }
        for (Tree service : byName) {
            if (service.text("Spec.Name").equals(reference)) {
                return service.text("ID");
            }
        }
        String found = "";
        for (Tree service : byId) {
            if (service.text("ID").startsWith(reference)) {
                if (!found.isEmpty()) {
                    throw Failure.because("more than one service matches the provided ID prefix " + reference);
                }
                found = service.text("ID");
            }
        }
        return found;
    }

    private static void resolveSelf(Map<String, List<String>> filters, Session session) throws Failure, IOException {
        List<String> nodes = filters.getOrDefault("node", List.of());
        if (nodes.contains("self")) {
            List<String> resolved = new ArrayList<>(nodes);
            String id = session.engine().get("/info").text("Swarm.NodeID");
            resolved.replaceAll(node -> node.equals("self") ? id : node);
            filters.put("node", resolved);
        }
    }
}
