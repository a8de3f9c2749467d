package io.panal.cli.host;

import io.panal.cli.client.Query;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.shown.LogFrames;
import io.panal.cli.shown.Timestamps;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// `container logs` and `logs`.
final class ContainerLogs implements Command.Action {
    private ContainerLogs() {}

    static Command command(String words) {
        Usage usage = new Usage(
                words,
                "[OPTIONS] CONTAINER",
                "Fetch the logs of a container",
                List.of("panal container logs", "panal logs"),
                """
                --details   Show extra details provided to logs
                -f, --follow   Follow log output
                --since string   Show logs since timestamp (e.g. "2013-01-02T13:23:37Z") or relative \
                (e.g. "42m" for 42 minutes)
                -n, --tail string   Number of lines to show from the end of the logs (default "all")
                -t, --timestamps   Show timestamps
                --until string   Show logs before a timestamp (e.g. "2013-01-02T13:23:37Z") or relative \
                (e.g. "42m" for 42 minutes)
                """,
                Usage.Arity.ONE);
        return new Command.Leaf(usage, new ContainerLogs());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        Tree container = session.engine()
                .get(Query.of("/containers/", arguments.operand(0), "/json").toString());
        Query query = Query.of("/containers/", container.text("Id"), "/logs")
                .with("stdout", 1)
                .with("stderr", 1)
                .with("tail", arguments.text("tail", "all"));
        for (String option : List.of("details", "follow", "timestamps")) {
            if (arguments.isOn(option)) {
                query.with(option, 1);
            }
        }
        for (String option : List.of("since", "until")) {
            if (arguments.has(option)) {
                query.with(option, Timestamps.seconds(arguments.text(option)));
            }
        }
        try (InputStream stream = session.engine().stream(query.toString())) {
            if (container.isTrue("Config.Tty")) {
                stream.transferTo(session.out());
            } else {
                LogFrames.copy(stream, session, line -> line);
            }
        }
        return 0;
    }
}
