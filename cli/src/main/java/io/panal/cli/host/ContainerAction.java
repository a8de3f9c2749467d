package io.panal.cli.host;

import io.panal.cli.client.Query;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.OneByOne;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import java.io.IOException;
import java.util.List;

/// `container start`, `stop`, `restart` and `kill`.
record ContainerAction(String verb) implements Command.Action {
    /// @param path `panal container stop`, or `panal stop` for short
    static Command command(String path) {
        String verb = path.substring(path.lastIndexOf(' ') + 1);
        String options = switch (verb) {
            case "kill" -> "-s, --signal string   Signal to send to the container\n";
            case "start" -> "";
            default -> """
                            -s, --signal string   Signal to send to the container
                            -t, --timeout int   Seconds to wait before killing the container
                            """;
        };
        String summary = switch (verb) {
            case "kill" -> "Kill one or more running containers";
            case "restart" -> "Restart one or more containers";
            case "start" -> "Start one or more stopped containers";
            default -> "Stop one or more running containers";
        };
        Usage usage = new Usage(
                path,
                (options.isEmpty() ? "" : "[OPTIONS] ") + "CONTAINER [CONTAINER...]",
                summary,
                List.of("panal container " + verb, "panal " + verb),
                options,
                Usage.Arity.SOME);
        return new Command.Leaf(usage, new ContainerAction(verb));
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        return OneByOne.run(arguments.operands(), reference -> {
            Query query = Query.of("/containers/", reference, "/" + verb);
            if (arguments.has("signal")) {
                query.with("signal", arguments.text("signal"));
            }
            if (arguments.has("timeout")) {
                query.with("t", arguments.text("timeout"));
            }
            session.engine().post(query.toString(), null);
            session.out().println(reference);
        });
    }
}
