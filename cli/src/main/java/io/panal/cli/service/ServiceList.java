package io.panal.cli.service;

import io.panal.cli.client.Query;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.shown.ServiceRows;
import java.io.IOException;
import java.util.List;

/// `service ls`.
final class ServiceList implements Command.Action {
    private static final Usage USAGE = new Usage(
            "panal service ls",
            "[OPTIONS]",
            "List services",
            List.of("panal service ls", "panal service list"),
            "-f, --filter filter   Filter output based on conditions provided\n"
                    + Usage.TABLE_FORMAT
                    + "-q, --quiet   Only display IDs\n",
            Usage.Arity.NONE);

    private ServiceList() {}

    static Command command() {
        return new Command.Leaf(USAGE, new ServiceList());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        boolean quiet = arguments.isOn("quiet");
        Query query = Query.of("/services").filters(arguments.filters());
        if (!quiet) {
            query.with("status", true);
        }
        List<Tree> services = session.engine().list(query.toString());
        String format = arguments.text("format");
        boolean isTable = format.isEmpty() || format.equals("table");
        session.out().print(ServiceRows.render(quiet && isTable ? "{{.ID}}" : format, services));
        return 0;
    }
}
