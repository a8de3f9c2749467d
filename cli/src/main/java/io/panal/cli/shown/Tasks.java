package io.panal.cli.shown;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.json.Tree;
import io.panal.cli.table.Listing;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The list of tasks that `service ps`, `node ps` and `stack ps` print.
public final class Tasks {
    private static final int LONGEST_ERROR = 30;
    private static final Listing LISTING = new Listing(
            "*task.taskContext",
            "table {{.ID}}\t{{.Name}}\t{{.Image}}\t{{.Node}}\t{{.DesiredState}}\t{{.CurrentState}}\t{{.Error}}\t{{.Ports}}",
            Map.of(
                    "ID", "ID",
                    "Name", "NAME",
                    "Image", "IMAGE",
                    "Node", "NODE",
                    "DesiredState", "DESIRED STATE",
                    "CurrentState", "CURRENT STATE",
                    "Error", "ERROR",
                    "Ports", "PORTS"));

    private Tasks() {}

    /// Prints tasks by the options `--format`, `--no-trunc`, `--no-resolve` and `--quiet`.
    public static void print(List<Tree> tasks, Arguments arguments, Session session) throws Failure, IOException {
        print(tasks, !arguments.isOn("no-trunc") && !arguments.isOn("quiet"), arguments, session);
    }

    /// @param shorten whether ids, images and errors are cut
    public static void print(List<Tree> tasks, boolean shorten, Arguments arguments, Session session)
            throws Failure, IOException {
        boolean quiet = arguments.isOn("quiet");
        var names = new Names(session.engine(), !arguments.isOn("no-resolve"));
        Map<String, String> taskNames = new HashMap<>();
        for (Tree task : tasks) {
            taskNames.put(task.text("ID"), name(task, names));
        }
        List<Tree> sorted = new ArrayList<>(tasks);
        sorted.sort(Comparator.comparing((Tree task) -> taskNames.getOrDefault(task.text("ID"), ""), Text.NATURAL)
                .thenComparing((Tree task) -> task.text("CreatedAt"), Comparator.reverseOrder()));
        String format = quiet && !arguments.has("format") ? "{{.ID}}" : arguments.text("format");
        boolean isTable = format.isEmpty() || format.startsWith("table");
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        String before = "";
        for (Tree task : sorted) {
            String name = taskNames.getOrDefault(task.text("ID"), "");
            Map<String, @Nullable Object> row = row(task, names, shorten, session.now());
            row.put("Name", isTable && name.equals(before) ? " \\_ " + name : name);
            before = name;
            rows.add(row);
        }
        session.out().print(LISTING.render(format, rows));
    }

    private static String name(Tree task, Names names) throws IOException {
        String service = names.service(task.text("ServiceID"));
        return task.number("Slot") != 0 ? service + "." + task.number("Slot") : service + "." + task.text("NodeID");
    }

    private static Map<String, @Nullable Object> row(Tree task, Names names, boolean shorten, Instant now)
            throws IOException {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        String image = task.text("Spec.ContainerSpec.Image");
        String error = task.text("Status.Err");
        error = shorten ? Text.cut(error, LONGEST_ERROR) : error;
        row.put("ID", shorten ? Text.shortId(task.text("ID")) : task.text("ID"));
        row.put("Image", shorten ? Images.familiar(image) : image);
        row.put("Node", names.node(task.text("NodeID")));
        row.put("DesiredState", Text.capital(task.text("DesiredState")));
        row.put(
                "CurrentState",
                Text.capital(task.text("Status.State")) + " "
                        + Text.ago(task.text("Status.Timestamp"), now).toLowerCase(Locale.ROOT));
        row.put("Error", error.isEmpty() ? "" : "\"" + error + "\"");
        row.put("Ports", ports(task));
        return row;
    }

    private static String ports(Tree task) {
        var out = new StringBuilder();
        for (Tree port : task.trees("Status.PortStatus.Ports")) {
            out.append(out.isEmpty() ? "" : ",").append("*:").append(port.number("PublishedPort"));
            out.append("->").append(port.number("TargetPort")).append('/').append(port.text("Protocol"));
        }
        return out.toString();
    }
}
