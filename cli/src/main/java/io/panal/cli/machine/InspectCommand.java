package io.panal.cli.machine;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage.Arity;
import io.panal.cli.json.Json;
import io.panal.cli.template.Template;
import java.io.IOException;

/// `machine inspect`: the record of a machine as docker-machine spells it.
final class InspectCommand implements Command.Action {
    private static final String OPTIONS = """
            -f, --format string   Format the output using the given go template
            """;

    private InspectCommand() {}

    static Command command() {
        return new Command.Leaf(
                Storages.usage(
                        "inspect", "[OPTIONS] [NAME]", "Inspect information about a machine", OPTIONS, Arity.ANY),
                new InspectCommand());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        var machines = Storages.open(arguments, session);
        var record = machines.inspect(Storages.one(arguments, machines));
        var format = arguments.text("format");
        session.out()
                .println(
                        format.isEmpty()
                                ? Json.indented(record, "    ")
                                : Template.parse(format).render(record));
        return 0;
    }
}
