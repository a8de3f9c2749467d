package io.panal.cli.stack;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.shown.Tasks;
import java.io.IOException;
import java.util.List;

/// `stack ps`.
final class StackPs implements Command.Action {
    private static final Usage USAGE = Usage.of(
            "panal stack ps",
            "[OPTIONS] STACK",
            "List the tasks in the stack",
            "-f, --filter filter   Filter output based on conditions provided\n" + Usage.TABLE_FORMAT + """
                    --no-resolve   Do not map IDs to Names
                    --no-trunc   Do not truncate output
                    -q, --quiet   Only display task IDs
                    """,
            Usage.Arity.ONE);

    private StackPs() {}

    static Command command() {
        return new Command.Leaf(USAGE, new StackPs());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        String stack = arguments.operand(0);
        List<Tree> tasks = session.engine()
                .list(StackCommands.labelled("/tasks", stack, arguments.filters())
                        .toString());
        if (tasks.isEmpty()) {
            throw Failure.because("nothing found in stack: " + stack);
        }
        Tasks.print(tasks, arguments, session);
        return 0;
    }
}
