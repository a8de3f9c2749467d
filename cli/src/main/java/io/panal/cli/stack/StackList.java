package io.panal.cli.stack;

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
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// `stack ls`.
final class StackList implements Command.Action {
    private static final Usage USAGE = new Usage(
            "panal stack ls",
            "[OPTIONS]",
            "List stacks",
            List.of("panal stack ls", "panal stack list"),
            Usage.TABLE_FORMAT,
            Usage.Arity.NONE);
    private static final Listing LISTING = new Listing(
            "*formatter.stackContext",
            "table {{.Name}}\t{{.Services}}",
            Map.of("Name", "NAME", "Services", "SERVICES"));

    private StackList() {}

    static Command command() {
        return new Command.Leaf(USAGE, new StackList());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        Map<String, Integer> services = new TreeMap<>(Text.NATURAL);
        Query query = Query.of("/services").filter("label", StackCommands.LABEL);
        for (Tree service : session.engine().list(query.toString())) {
            String stack = service.strings("Spec.Labels").get(StackCommands.LABEL);
            if (stack != null) {
                services.merge(stack, 1, Integer::sum);
            }
        }
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        services.forEach((stack, count) -> {
            Map<String, @Nullable Object> row = new HashMap<>();
            row.put("Name", stack);
            row.put("Services", Integer.toString(count));
            rows.add(row);
        });
        session.out().print(LISTING.render(arguments.text("format"), rows));
        return 0;
    }
}
