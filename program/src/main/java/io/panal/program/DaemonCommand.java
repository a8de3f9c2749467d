package io.panal.program;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.node.Daemon;
import io.panal.node.DaemonOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// `panal daemon`: runs this node until it is told to stop.
final class DaemonCommand implements Command.Action {
    private static final String OPTIONS = """
            --data-root string   Root directory of persistent Panal state (default "/var/lib/panal")
            --exec-root string   Root directory for execution state files (default "/run/panal")
            -H, --host list   Daemon socket(s) to connect to (default "unix:///run/panal/docker.sock")
            --insecure-registry list   Accepted for dockerd's sake: registries on private addresses may be plain HTTP anyway
            --label list   Set key=value labels to the daemon
            -p, --pidfile string   Path to use for daemon PID file
            --tls   Use TLS; implied by --tlsverify
            --tlscacert string   Trust certs signed only by this CA
            --tlscert string   Path to TLS certificate file
            --tlskey string   Path to TLS key file
            --tlsverify   Use TLS and verify the remote
            """;

    private DaemonCommand() {}

    static Command command() {
        return new Command.Leaf(
                Usage.of("panal daemon", "[OPTIONS]", "Run this node's daemon", OPTIONS, Usage.Arity.NONE),
                new DaemonCommand());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        DaemonOptions options = new DaemonOptions(
                Path.of(arguments.text("data-root", DaemonOptions.DATA.toString())),
                Path.of(arguments.text("exec-root", DaemonOptions.RUN.toString())),
                arguments.all("host"),
                tls(arguments),
                labels(arguments),
                arguments.has("pidfile") ? Optional.of(Path.of(arguments.text("pidfile"))) : Optional.empty());
        try {
            return Daemon.run(options);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static Optional<DaemonOptions.TlsFiles> tls(Arguments arguments) throws Failure {
        if (!arguments.isOn("tls") && !arguments.isOn("tlsverify")) {
            return Optional.empty();
        }
        for (String file : new String[] {"tlscacert", "tlscert", "tlskey"}) {
            if (!arguments.has(file)) {
                throw Failure.because("TLS needs --tlscacert, --tlscert and --tlskey; --%s is missing".formatted(file));
            }
        }
        return Optional.of(new DaemonOptions.TlsFiles(
                Path.of(arguments.text("tlscacert")),
                Path.of(arguments.text("tlscert")),
                Path.of(arguments.text("tlskey"))));
    }

    private static Map<String, String> labels(Arguments arguments) {
        Map<String, String> labels = new TreeMap<>();
        for (String label : arguments.all("label")) {
            int equals = label.indexOf('=');
            labels.put(equals < 0 ? label : label.substring(0, equals), equals < 0 ? "" : label.substring(equals + 1));
        }
        return labels;
    }
}
