package io.panal.cli.node;

import io.panal.cli.client.Query;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.shown.Text;
import io.panal.cli.table.Listing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `node ls`.
final class NodeList implements Command.Action {
    private static final Usage USAGE = new Usage(
            "panal node ls",
            "[OPTIONS]",
            "List nodes in the swarm",
            List.of("panal node ls", "panal node list"),
            "-f, --filter filter   Filter output based on conditions provided\n"
                    + Usage.TABLE_FORMAT
                    + "-q, --quiet   Only display IDs\n",
            Usage.Arity.NONE);
    private static final Listing LISTING = new Listing(
            "*node.nodeContext",
            "table {{.ID}} {{if .Self}}*{{else}} {{ end }}\t{{.Hostname}}\t{{.Status}}\t{{.Availability}}"
                    + "\t{{.ManagerStatus}}\t{{.EngineVersion}}",
            Map.of(
                    "ID", "ID",
                    "Self", "",
                    "Hostname", "HOSTNAME",
                    "Status", "STATUS",
                    "Availability", "AVAILABILITY",
                    "ManagerStatus", "MANAGER STATUS",
                    "EngineVersion", "ENGINE VERSION",
                    "TLSStatus", "TLS STATUS"));

    private NodeList() {}

    static Command command() {
        return new Command.Leaf(USAGE, new NodeList());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        boolean quiet = arguments.isOn("quiet");
        List<Tree> nodes = session.engine()
                .list(Query.of("/nodes").filters(arguments.filters()).toString());
        nodes.sort((one, other) ->
                Text.NATURAL.compare(one.text("Description.Hostname"), other.text("Description.Hostname")));
        Tree info = nodes.isEmpty() || quiet ? Tree.empty() : session.engine().get("/info");
        List<Map<String, @Nullable Object>> rows = new ArrayList<>(nodes.size());
        for (Tree node : nodes) {
            rows.add(row(node, info));
        }
        String format = arguments.text("format");
        boolean isTable = format.isEmpty() || format.equals("table");
        session.out().print(LISTING.render(quiet && isTable ? "{{.ID}}" : format, rows));
        return 0;
    }

    private static Map<String, @Nullable Object> row(Tree node, Tree info) {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("ID", node.text("ID"));
        row.put("Self", node.text("ID").equals(info.text("Swarm.NodeID")));
        row.put("Hostname", node.text("Description.Hostname"));
        row.put("Status", Text.capital(node.text("Status.State")));
        row.put("Availability", Text.capital(node.text("Spec.Availability")));
        row.put(
                "ManagerStatus",
                node.isTrue("ManagerStatus.Leader") ? "Leader" : Text.capital(node.text("ManagerStatus.Reachability")));
        row.put("EngineVersion", node.text("Description.Engine.EngineVersion"));
        row.put("TLSStatus", tlsStatus(node, info));
        return row;
    }

    private static String tlsStatus(Tree node, Tree info) {
        Tree wanted = info.tree("Swarm.Cluster.TLSInfo");
        Tree held = node.tree("Description.TLSInfo");
        if (wanted.map().isEmpty() || held.map().isEmpty()) {
            return "Unknown";
        }
        return wanted.map().equals(held.map()) ? "Ready" : "Needs Rotation";
    }
}
