package io.panal.cli.host;

import io.panal.cli.client.Query;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Durations;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Json;
import io.panal.cli.json.Tree;
import io.panal.cli.shown.ContainerPorts;
import io.panal.cli.shown.Images;
import io.panal.cli.shown.Labels;
import io.panal.cli.shown.Text;
import io.panal.cli.table.Listing;
import io.panal.cli.table.Sizes;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `container ls` and `ps`.
final class ContainerList implements Command.Action {
    private static final int LONGEST_COMMAND = 20;
    private static final String TABLE =
            "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}";
    private static final Map<String, String> HEADERS = Map.ofEntries(
            Map.entry("ID", "CONTAINER ID"),
            Map.entry("Image", "IMAGE"),
            Map.entry("Command", "COMMAND"),
            Map.entry("CreatedAt", "CREATED AT"),
            Map.entry("RunningFor", "CREATED"),
            Map.entry("Status", "STATUS"),
            Map.entry("State", "STATE"),
            Map.entry("Ports", "PORTS"),
            Map.entry("Names", "NAMES"),
            Map.entry("Size", "SIZE"),
            Map.entry("Labels", "LABELS"),
            Map.entry("Mounts", "MOUNTS"),
            Map.entry("LocalVolumes", "LOCAL VOLUMES"),
            Map.entry("Networks", "NETWORKS"));

    private ContainerList() {}

    static Command command(String words) {
        Usage usage = new Usage(
                words,
                "[OPTIONS]",
                "List containers",
                List.of("panal container ls", "panal container list", "panal container ps", "panal ps"),
                "-a, --all   Show all containers (default shows just running)\n"
                        + "-f, --filter filter   Filter output based on conditions provided\n"
                        + Usage.TABLE_FORMAT
                        + """
                        -n, --last int   Show n last created containers (includes all states) (default -1)
                        -l, --latest   Show the latest created container (includes all states)
                        --no-trunc   Don't truncate output
                        -q, --quiet   Only display container IDs
                        -s, --size   Display total file sizes
                        """,
                Usage.Arity.NONE);
        return new Command.Leaf(usage, new ContainerList());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        Query query = Query.of("/containers/json").filters(arguments.filters());
        boolean sized = arguments.isOn("size") || arguments.text("format").contains(".Size");
        if (arguments.isOn("all")) {
            query.with("all", 1);
        }
        if (arguments.isOn("latest")) {
            query.with("limit", 1);
        } else if (arguments.has("last")) {
            query.with("limit", arguments.text("last"));
        }
        if (sized) {
            query.with("size", 1);
        }
        boolean shorten = !arguments.isOn("no-trunc");
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (Tree container : session.engine().list(query.toString())) {
            rows.add(row(container, shorten, session.now()));
        }
        String format = arguments.text("format");
        boolean quiet = arguments.isOn("quiet") && (format.isEmpty() || format.equals("table"));
        var listing = new Listing(
                "*formatter.ContainerContext", arguments.isOn("size") ? TABLE + "\t{{.Size}}" : TABLE, HEADERS);
        session.out().print(listing.render(quiet ? "{{.ID}}" : format, rows));
        return 0;
    }

    private static Map<String, @Nullable Object> row(Tree container, boolean shorten, Instant now) {
        Map<String, @Nullable Object> row = new HashMap<>();
        Instant created = Instant.ofEpochSecond(container.number("Created"));
        String command = container.text("Command");
        row.put("ID", shorten ? Text.shortId(container.text("Id")) : container.text("Id"));
        row.put("Image", image(container, shorten));
        row.put("Command", Json.quoted(shorten ? Text.cut(command, LONGEST_COMMAND) : command));
        row.put("CreatedAt", created.toString().replace('T', ' ').replace("Z", " +0000 UTC"));
        row.put("RunningFor", Durations.human(now.getEpochSecond() - created.getEpochSecond()) + " ago");
        row.put("Status", container.text("Status"));
        row.put("State", container.text("State"));
        row.put("Ports", ContainerPorts.shown(container.trees("Ports")));
        row.put("Names", names(container, shorten));
        row.put("Size", size(container));
        row.put("Labels", Labels.shown(container.strings("Labels")));
        row.put("Mounts", mounts(container, shorten));
        row.put("LocalVolumes", Long.toString(volumes(container)));
        row.put(
                "Networks",
                String.join(
                        ",", container.tree("NetworkSettings.Networks").map().keySet()));
        row.put("Platform", null);
        row.put("Label", Labels.lookup(container.strings("Labels")));
        return row;
    }

    private static String image(Tree container, boolean shorten) {
        String image = container.text("Image");
        if (image.isEmpty()) {
            return "<no image>";
        }
        if (!shorten) {
            return image;
        }
        String id = Text.shortId(container.text("ImageID"));
        return id.equals(Text.shortId(image)) ? id : Images.withoutDigest(image);
    }

    private static String names(Tree container, boolean shorten) {
        List<String> names = new ArrayList<>();
        for (String name : container.texts("Names")) {
            String bare = name.startsWith("/") ? name.substring(1) : name;
            // A name with a further slash is another container's link to this one.
            if (!shorten || bare.indexOf('/') < 0) {
                names.add(bare);
            }
        }
        return String.join(",", names);
    }

    private static String size(Tree container) {
        String own = Sizes.decimal(container.number("SizeRw"));
        long whole = container.number("SizeRootFs");
        return whole > 0 ? own + " (virtual " + Sizes.decimal(whole) + ")" : own;
    }

    private static String mounts(Tree container, boolean shorten) {
        List<String> shown = new ArrayList<>();
        for (Tree mount : container.trees("Mounts")) {
            String name = mount.text("Name").isEmpty() ? mount.text("Source") : mount.text("Name");
            shown.add(shorten ? Text.cut(name, 15) : name);
        }
        return String.join(",", shown);
    }

    private static long volumes(Tree container) {
        return container.trees("Mounts").stream()
                .filter(mount -> mount.text("Driver").equals("local"))
                .count();
    }
}
