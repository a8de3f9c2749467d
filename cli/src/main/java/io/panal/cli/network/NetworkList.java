package io.panal.cli.network;

import io.panal.cli.client.Query;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.shown.Labels;
import io.panal.cli.shown.Text;
import io.panal.cli.table.Listing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `network ls`.
final class NetworkList implements Command.Action {
    private static final Usage USAGE = new Usage(
            "panal network ls",
            "[OPTIONS]",
            "List networks",
            List.of("panal network ls", "panal network list"),
            "-f, --filter filter   Provide filter values (e.g. \"driver=bridge\")\n" + Usage.TABLE_FORMAT + """
                    --no-trunc   Do not truncate the output
                    -q, --quiet   Only display network IDs
                    """,
            Usage.Arity.NONE);
    private static final Listing LISTING = new Listing(
            "*network.networkContext",
            "table {{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}",
            Map.of(
                    "ID", "NETWORK ID",
                    "Name", "NAME",
                    "Driver", "DRIVER",
                    "Scope", "SCOPE",
                    "IPv4", "IPV4",
                    "IPv6", "IPV6",
                    "Internal", "INTERNAL",
                    "Labels", "LABELS",
                    "CreatedAt", "CREATED AT"));

    private NetworkList() {}

    static Command command() {
        return new Command.Leaf(USAGE, new NetworkList());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        List<Tree> networks = session.engine()
                .list(Query.of("/networks").filters(arguments.filters()).toString());
        networks.sort((one, other) -> Text.NATURAL.compare(one.text("Name"), other.text("Name")));
        boolean shorten = !arguments.isOn("no-trunc");
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (Tree network : networks) {
            rows.add(row(network, shorten));
        }
        String format = arguments.text("format");
        boolean quiet = arguments.isOn("quiet") && (format.isEmpty() || format.equals("table"));
        session.out().print(LISTING.render(quiet ? "{{.ID}}" : format, rows));
        return 0;
    }

    private static Map<String, @Nullable Object> row(Tree network, boolean shorten) {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("ID", shorten ? Text.shortId(network.text("Id")) : network.text("Id"));
        row.put("Name", network.text("Name"));
        row.put("Driver", network.text("Driver"));
        row.put("Scope", network.text("Scope"));
        row.put("IPv4", Boolean.toString(network.isTrue("EnableIPv4")));
        row.put("IPv6", Boolean.toString(network.isTrue("EnableIPv6")));
        row.put("Internal", Boolean.toString(network.isTrue("Internal")));
        row.put("Labels", Labels.shown(network.strings("Labels")));
        row.put("CreatedAt", network.text("Created").replace('T', ' ').replace("Z", " +0000 UTC"));
        row.put("Label", Labels.lookup(network.strings("Labels")));
        return row;
    }
}
