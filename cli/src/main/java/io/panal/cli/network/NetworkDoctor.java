package io.panal.cli.network;

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

/// `network doctor`: what the node's kernel holds of its networks against what is wanted.
final class NetworkDoctor implements Command.Action {
    private static final Usage USAGE = Usage.of(
            "panal network doctor",
            "[OPTIONS]",
            "Compare this node's networks with what is wanted of them",
            "--fix   Make what differs as wanted\n",
            Usage.Arity.NONE);
    private static final Listing LISTING = new Listing(
            "*network.differenceContext",
            "table {{.Where}}\t{{.What}}\t{{.Found}}",
            Map.of("Where", "WHERE", "What", "WHAT", "Found", "FOUND"));

    private NetworkDoctor() {}

    static Command command() {
        return new Command.Leaf(USAGE, new NetworkDoctor());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        boolean fix = arguments.isOn("fix");
        if (fix) {
            Tree mended = session.engine().post("/panal/network/repair", null);
            print(session, "Mended:", mended.trees("Differences"));
        }
        Tree found = session.engine().get("/panal/network");
        List<Tree> differences = found.trees("Differences");
        print(session, fix ? "Still not as wanted:" : "", differences);
        List<String> problems = found.texts("Problems");
        problems.forEach(problem -> session.err().println(problem));
        if (differences.isEmpty() && problems.isEmpty()) {
            session.out().println("The networks of this node are as wanted.");
            return 0;
        }
        return 1;
    }

    private static void print(Session session, String title, List<Tree> differences) {
        if (differences.isEmpty()) {
            return;
        }
        if (!title.isEmpty()) {
            session.out().println(title);
        }
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (Tree each : differences) {
            rows.add(Map.of("Where", each.text("Where"), "What", each.text("What"), "Found", each.text("Found")));
        }
        session.out().print(LISTING.render("", rows));
    }
}
