package io.panal.cli.service;

import io.panal.cli.client.Query;
import io.panal.cli.client.RefusedException;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.shown.LogFrames;
import io.panal.cli.shown.Names;
import io.panal.cli.shown.Text;
import io.panal.cli.shown.Timestamps;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;

/// `service logs`: what the tasks of a service, or one task, wrote.
final class ServiceLogs implements Command.Action {
    private static final Usage USAGE = Usage.of(
            "panal service logs",
            "[OPTIONS] SERVICE|TASK",
            "Fetch the logs of a service or task",
            """
            --details   Show extra details provided to logs
            -f, --follow   Follow log output
            --no-resolve   Do not map IDs to Names in output
            --no-task-ids   Do not include task IDs in output
            --no-trunc   Do not truncate output
            --raw   Do not neatly format logs
            --since string   Show logs since timestamp (e.g. "2013-01-02T13:23:37Z") or relative \
            (e.g. "42m" for 42 minutes)
            -n, --tail string   Number of lines to show from the end of the logs (default "all")
            -t, --timestamps   Show timestamps
            """,
            Usage.Arity.ONE);

    private ServiceLogs() {}

    static Command command() {
        return new Command.Leaf(USAGE, new ServiceLogs());
    }

    /// What the logs are of.
    ///
    /// @param digits how many digits the largest slot has
    private record Source(String path, boolean tty, int digits) {}

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        Source source = source(session, arguments.operand(0));
        boolean raw = arguments.isOn("raw");
        if (source.tty() && !raw) {
            throw Failure.because("tty service logs only supported with --raw");
        }
        Query query = Query.of(source.path(), arguments.operand(0), "/logs")
                .with("stdout", 1)
                .with("stderr", 1)
                .with("tail", arguments.text("tail", "all"));
        // The origin of a line comes with its details, so they are asked for unless lines are wanted as they are.
        if (!raw || arguments.isOn("details")) {
            query.with("details", 1);
        }
        if (arguments.isOn("follow")) {
            query.with("follow", 1);
        }
        if (arguments.isOn("timestamps")) {
            query.with("timestamps", 1);
        }
        if (arguments.has("since")) {
            query.with("since", Timestamps.seconds(arguments.text("since")));
        }
        session.engine().version();
        try (InputStream stream = session.engine().stream(query.toString())) {
            if (source.tty()) {
                stream.transferTo(session.out());
            } else if (raw) {
                LogFrames.copy(stream, session, line -> line);
            } else {
                var lines = new LogLines(session, arguments, source.digits());
                LogFrames.copy(stream, session, lines::named);
            }
        }
        return 0;
    }

    private static Source source(Session session, String reference) throws Failure, IOException {
        try {
            Tree service = ServiceCommands.service(session.engine(), reference);
            String replicas = Long.toString(service.number("Spec.Mode.Replicated.Replicas"));
            int digits = service.has("Spec.Mode.Replicated.Replicas") ? replicas.length() : 0;
            return new Source("/services/", service.isTrue("Spec.TaskTemplate.ContainerSpec.TTY"), digits);
        } catch (RefusedException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
        }
        try {
            Tree task = session.engine().get(Query.of("/tasks/", reference).toString());
            int digits = Long.toString(task.number("Slot")).length();
            return new Source("/tasks/", task.isTrue("Spec.ContainerSpec.TTY"), digits);
        } catch (RefusedException refused) {
            if (refused.isNotFound()) {
                throw Failure.because("no such task or service: " + reference);
            }
            throw refused;
        }
    }

    /// Puts the origin before each line: `web.1.lru3iqjhxemd@node    | `.
    private static final class LogLines {
        private final Session session;
        private final Arguments arguments;
        private final int digits;
        private final Names names;
        private final Map<String, String> origins = new HashMap<>();

        LogLines(Session session, Arguments arguments, int digits) throws Failure {
            this.session = session;
            this.arguments = arguments;
            this.digits = digits;
            this.names = new Names(session.engine(), !arguments.isOn("no-resolve"));
        }

        String named(String line) throws Failure, IOException {
            String rest = line;
            String time = "";
            if (arguments.isOn("timestamps")) {
                int blank = rest.indexOf(' ');
                time = rest.substring(0, blank + 1);
                rest = rest.substring(blank + 1);
            }
            int blank = rest.indexOf(' ');
            if (blank < 0) {
                throw Failure.because("invalid context in log message: " + line.strip());
            }
            var details = LogFrames.details(rest.substring(0, blank));
            String node = details.remove("com.docker.swarm.node.id");
            String service = details.remove("com.docker.swarm.service.id");
            String task = details.remove("com.docker.swarm.task.id");
            if (node == null || service == null || task == null) {
                throw Failure.because("missing node id in details: " + line.strip());
            }
            String extra = arguments.isOn("details") ? LogFrames.shown(details) + " " : "";
            return time + origin(node, service, task) + "    | " + extra + rest.substring(blank + 1);
        }

        private String origin(String node, String service, String task) throws Failure, IOException {
            String known = origins.get(task);
            if (known == null) {
                String nodeName = names.node(node);
                String serviceName = names.service(service);
                long slot = session.engine()
                        .get(Query.of("/tasks/", task).toString())
                        .number("Slot");
                String shownTask = arguments.isOn("no-trunc") ? task : Text.shortId(task);
                String id = arguments.isOn("no-task-ids") ? "" : "." + shownTask;
                int padding = Math.max(0, digits - Long.toString(slot).length());
                known = serviceName + "." + slot + id + "@" + nodeName + " ".repeat(padding);
                origins.put(task, known);
            }
            return known;
        }
    }
}
