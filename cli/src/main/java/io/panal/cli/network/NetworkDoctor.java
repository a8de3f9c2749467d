package io.panal.cli.network;

import io.panal.cli.client.Query;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.table.Listing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `network doctor`: what the nodes' kernels hold of their networks against what is wanted.
///
/// Differences go to the output, all else that is to be known of them to the error output.
final class NetworkDoctor implements Command.Action {
    private static final Usage USAGE = Usage.of(
            "panal network doctor",
            "[OPTIONS]",
            "Compare the nodes' networks with what is wanted of them",
            "--fix   Make what differs as wanted\n" + Usage.TABLE_FORMAT
                    + "--node list   Ask this node only (can be repeated)\n",
            Usage.Arity.NONE);
    private static final Listing LISTING = new Listing(
            "*network.differenceContext",
            "table {{.Node}}\t{{.Where}}\t{{.What}}\t{{.Found}}\t{{.Wanted}}",
            Map.of(
                    "Node", "NODE",
                    "NodeID", "NODE ID",
                    "Where", "WHERE",
                    "What", "WHAT",
                    "Found", "FOUND",
                    "Wanted", "WANTED",
                    "Mended", "MENDED"));

    private NetworkDoctor() {}

    static Command command() {
        return new Command.Leaf(USAGE, new NetworkDoctor());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        boolean fix = arguments.isOn("fix");
        String format = arguments.text("format");
        boolean talks = format.isEmpty() || format.startsWith("table");
        Map<String, List<String>> limit = arguments.has("node") ? Map.of("node", arguments.all("node")) : Map.of();
        if (fix) {
            Tree mended = session.engine()
                    .post(Query.of("/panal/network/repair").filters(limit).toString(), null);
            print(session, talks ? "Mended:" : "", format, rows(mended, true));
        }
        Tree found =
                session.engine().get(Query.of("/panal/network").filters(limit).toString());
        List<Tree> nodes = found.trees("Nodes");
        List<Map<String, @Nullable Object>> differences = rows(found, false);
        print(session, talks && fix ? "Still not as wanted:" : "", format, differences);
        boolean troubled = isTold(session, nodes);
        if (found.text("Scope").equals("node") && !nodes.getFirst().text("ID").isEmpty()) {
            session.err()
                    .println(
                            "This node is no manager and has looked at its own networks only; a manager asks all nodes.");
        }
        if (!differences.isEmpty() || troubled) {
            return 1;
        }
        if (talks) {
            session.out().println(asWanted(nodes));
        }
        return 0;
    }

    private static String asWanted(List<Tree> nodes) {
        return nodes.size() == 1
                ? "The networks of %s are as wanted.".formatted(name(nodes.getFirst()))
                : "The networks of %d nodes are as wanted.".formatted(nodes.size());
    }

    /// Says which nodes could not be asked, and what nodes cannot do.
    ///
    /// @return whether there was anything to say
    private static boolean isTold(Session session, List<Tree> nodes) {
        boolean any = false;
        for (Tree node : nodes) {
            String error = node.text("Error");
            if (!error.isEmpty()) {
                session.err().println("node %s could not be asked: %s".formatted(name(node), error));
                any = true;
            }
            for (String problem : node.texts("Problems")) {
                session.err().println("node %s: %s".formatted(name(node), problem));
                any = true;
            }
        }
        return any;
    }

    private static String name(Tree node) {
        return node.text("Hostname").isEmpty() ? node.text("ID") : node.text("Hostname");
    }

    private static List<Map<String, @Nullable Object>> rows(Tree answer, boolean mended) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (Tree node : answer.trees("Nodes")) {
            for (Tree each : node.trees("Differences")) {
                rows.add(Map.of(
                        "Node", name(node),
                        "NodeID", node.text("ID"),
                        "Where", each.text("Where"),
                        "What", each.text("What"),
                        "Found", each.text("Found"),
                        "Wanted", each.text("Wanted"),
                        "Mended", Boolean.toString(mended)));
            }
        }
        return rows;
    }

    private static void print(
            Session session, String title, String format, List<Map<String, @Nullable Object>> differences)
            throws Failure {
        if (differences.isEmpty()) {
            return;
        }
        if (!title.isEmpty()) {
            session.out().println(title);
        }
        session.out().print(LISTING.render(format, differences));
    }
}
