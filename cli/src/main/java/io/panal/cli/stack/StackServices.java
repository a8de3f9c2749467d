package io.panal.cli.stack;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.shown.ServiceRows;
import java.io.IOException;
import java.util.List;

/// `stack services`.
final class StackServices implements Command.Action {
    private static final Usage USAGE = Usage.of(
            "panal stack services",
            "[OPTIONS] STACK",
            "List the services in the stack",
            "-f, --filter filter   Filter output based on conditions provided\n"
                    + Usage.TABLE_FORMAT
                    + "-q, --quiet   Only display IDs\n",
            Usage.Arity.ONE);

    private StackServices() {}

    static Command command() {
        return new Command.Leaf(USAGE, new StackServices());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        String stack = arguments.operand(0);
        List<Tree> services = session.engine()
                .list(StackCommands.labelled("/services", stack, arguments.filters())
                        .with("status", true)
                        .toString());
        if (services.isEmpty()) {
            session.err().println("Nothing found in stack: " + stack);
            return 0;
        }
        String format = arguments.isOn("quiet") ? "{{.ID}}" : arguments.text("format");
        session.out().print(ServiceRows.render(format, services));
        return 0;
    }
}
