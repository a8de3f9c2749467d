package io.panal.cli.system;

import io.panal.cli.client.UnreachableException;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.template.Template;
import java.io.IOException;
import java.util.List;

/// `info`: what the daemon says of itself and of its swarm.
public final class InfoCommand implements Command.Action {
    private InfoCommand() {}

    public static Command command() {
        return new Command.Leaf(
                new Usage(
                        "panal info",
                        "[OPTIONS]",
                        "Display system-wide information",
                        List.of("panal system info", "panal info"),
                        Usage.INSPECT_FORMAT,
                        Usage.Arity.NONE),
                new InfoCommand());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        Tree info = Tree.empty();
        String unreachable = "";
        try {
            info = session.engine().get("/info");
        } catch (UnreachableException noDaemon) {
            unreachable = String.valueOf(noDaemon.getMessage());
        }
        String format = arguments.text("format");
        if (format.isEmpty()) {
            session.out().print(text(info, unreachable));
        } else {
            info.put("ClientInfo", ClientFacts.of("").put("Debug", false).put("Plugins", List.of()));
            info.tree("ClientInfo").map().remove("ApiVersion");
            String template = format.equals("json") ? "{{json .}}" : format;
            session.out().print(Template.parse(template).render(info.map()) + "\n");
        }
        if (!unreachable.isEmpty()) {
            throw Failure.because(format.isEmpty() ? "errors pretty printing info" : unreachable);
        }
        warn(info, session);
        return 0;
    }

    private static void warn(Tree info, Session session) {
        session.out().flush();
        for (String warning : info.texts("Warnings")) {
            session.err().println(warning);
        }
    }

    private static String text(Tree info, String unreachable) {
        var lines = new Lines();
        Tree client = ClientFacts.of("");
        lines.add("Client:");
        lines.add(" Version:    " + client.text("Version"));
        lines.add(" Context:    " + client.text("Context"));
        lines.add(" Debug Mode: false");
        lines.add("");
        lines.add("Server:");
        if (unreachable.isEmpty()) {
            ServerFacts.append(lines, info);
        } else {
            lines.add("ERROR: " + unreachable);
        }
        return lines.text();
    }
}
