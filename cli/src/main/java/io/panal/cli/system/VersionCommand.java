package io.panal.cli.system;

import io.panal.cli.client.Engine;
import io.panal.cli.client.UnreachableException;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.table.Columns;
import io.panal.cli.template.Template;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `version`: the client's and the daemon's.
public final class VersionCommand implements Command.Action {
    private static final DateTimeFormatter BUILT =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH);

    private VersionCommand() {}

    public static Command command() {
        return new Command.Leaf(
                Usage.of(
                        "panal version",
                        "[OPTIONS]",
                        "Show the version information",
                        Usage.INSPECT_FORMAT,
                        Usage.Arity.NONE),
                new VersionCommand());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        Tree facts = Tree.empty();
        String unreachable = "";
        try {
            Tree server = session.engine().get("/version");
            facts.put("Client", ClientFacts.of(session.engine().version())).put("Server", server);
        } catch (UnreachableException noDaemon) {
            unreachable = String.valueOf(noDaemon.getMessage());
            facts.put("Client", ClientFacts.of(Engine.NEWEST)).put("Server", null);
        }
        String format = arguments.text("format");
        session.out().print(format.isEmpty() ? text(facts) : formatted(format, facts));
        if (!unreachable.isEmpty()) {
            throw Failure.because(unreachable);
        }
        return 0;
    }

    private static String formatted(String format, Tree facts) {
        String template = format.equals("json") ? "{{json .}}" : format;
        return Template.parse(template).render(facts.map()) + "\n";
    }

    private static String text(Tree facts) {
        Tree client = facts.tree("Client");
        var out = new StringBuilder("Client:\n");
        line(out, " Version:", client.text("Version"));
        String spoken = client.text("ApiVersion");
        String newest = client.text("DefaultAPIVersion");
        line(out, " API version:", spoken.equals(newest) ? spoken : spoken + " (downgraded from " + newest + ")");
        line(out, " Java version:", client.text("JavaVersion"));
        line(out, " OS/Arch:", client.text("Os") + "/" + client.text("Arch"));
        line(out, " Context:", client.text("Context"));
        if (facts.has("Server")) {
            server(out, facts.tree("Server"));
        }
        return Columns.align(out.toString(), 20, 1);
    }

    private static void server(StringBuilder out, Tree server) {
        String platform = server.text("Platform.Name");
        out.append("\nServer:").append(platform.isEmpty() ? "" : " " + platform).append('\n');
        for (Tree component : server.trees("Components")) {
            out.append(' ').append(component.text("Name")).append(":\n");
            Map<String, String> details = component.strings("Details");
            if (component.text("Name").equals("Engine")) {
                engine(out, component, details);
                continue;
            }
            line(out, "  Version:", component.text("Version"));
            details.forEach((name, value) -> line(out, "  " + name + ":", value));
        }
    }

    private static void engine(StringBuilder out, Tree component, Map<String, String> details) {
        line(out, "  Version:", component.text("Version"));
        line(
                out,
                "  API version:",
                details.get("ApiVersion") + " (minimum version " + details.get("MinAPIVersion") + ")");
        line(out, "  Go version:", details.get("GoVersion"));
        line(out, "  Git commit:", details.get("GitCommit"));
        line(out, "  Built:", dated(details.getOrDefault("BuildTime", "")));
        line(out, "  OS/Arch:", details.get("Os") + "/" + details.get("Arch"));
        line(out, "  Experimental:", details.get("Experimental"));
    }

    /// As Go's `time.ANSIC`; what is no RFC 3339 stays as it is.
    private static String dated(String time) {
        try {
            return BUILT.format(OffsetDateTime.parse(time).withOffsetSameInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException other) {
            return time;
        }
    }

    private static void line(StringBuilder out, String name, @Nullable String value) {
        if (value != null && !value.equals("null")) {
            out.append(name).append('\t').append(value).append('\n');
        }
    }
}
