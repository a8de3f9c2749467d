package io.panal.cli;

import io.panal.cli.client.RefusedException;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.CommandLine;
import io.panal.cli.command.Downstream;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Session.Streams;
import io.panal.cli.command.Session.Surroundings;
import io.panal.cli.command.Terminals;
import io.panal.cli.command.Usage;
import io.panal.cli.command.Usage.Arity;
import io.panal.cli.template.TemplateFailure;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The command line as one function: words in, exit code out.
public final class Cli {
    /// This program's version.
    public static final String VERSION = "0.1.0";
    /// What a shell says of a program that SIGPIPE ended, as it does the docker client.
    private static final int CLOSED_OUTPUT = 128 + 13;

    private static final String OPTIONS = """
                --config string      Location of client config files (default "~/.docker")
            -D, --debug              Show where an internal error came from
            -H, --host list          Daemon socket to connect to
                --tls                Use TLS; implied by --tlsverify
                --tlscacert string   Trust certs signed only by this CA (default "~/.docker/ca.pem")
                --tlscert string     Path to TLS certificate file (default "~/.docker/cert.pem")
                --tlskey string      Path to TLS key file (default "~/.docker/key.pem")
                --tlsverify          Use TLS and verify the remote
            -v, --version            Print version information and quit
            """;

    private static final Usage ROOT = Usage.of(
            "panal",
            "[OPTIONS] COMMAND [ARG...]",
            "Containers on many machines: Docker Swarm's commands, and a daemon, machines and a lab to run them on",
            OPTIONS.replace("    --", "--"),
            new Arity(0, Integer.MAX_VALUE, true));

    private final CommandLine commandLine;
    private final Surroundings surroundings;

    /// @param outside commands that other parts of the program offer, in the order help shows them
    public Cli(List<Command> outside) {
        this(outside, Surroundings.REAL);
    }

    /// @param outside commands that other parts of the program offer, in the order help shows them
    /// @param surroundings other than the real ones for a simulated cluster
    public Cli(List<Command> outside, Surroundings surroundings) {
        this.surroundings = surroundings;
        Commands commands = new Commands(outside);
        List<String> more = new ArrayList<>();
        for (Command command : outside) {
            more.add(command.name());
        }
        CommandLine.Sections sections = more.isEmpty()
                ? new CommandLine.Sections(Commands.TITLES, Commands.NAMES)
                : new CommandLine.Sections(
                        List.of("Panal Commands", Commands.TITLES.getFirst(), Commands.TITLES.getLast()),
                        List.of(more, Commands.NAMES.getFirst(), Commands.NAMES.getLast()));
        this.commandLine = new CommandLine(ROOT, sections, commands);
        commands.completeWith(commandLine);
    }

    /// Runs one line of words on the process's own streams and environment.
    ///
    /// @return what the process exits with
    public int run(String... words) {
        var out = new PrintStream(
                new BufferedOutputStream(new Downstream(new FileOutputStream(FileDescriptor.out)), 8192),
                false,
                StandardCharsets.UTF_8);
        var err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        try {
            return run(
                    List.of(words),
                    System.getenv(),
                    new Streams(new FileInputStream(FileDescriptor.in), out, err, Terminals.isTerminal(1)));
        } catch (Downstream.Closed _) {
            return CLOSED_OUTPUT;
        }
    }

    /// Runs one line of words.
    ///
    /// @return what the process exits with
    public int run(List<String> words, Map<String, String> environment, Streams streams) {
        try {
            return attempt(words, environment, streams);
        } catch (Failure failure) {
            return failed(streams, failure.text(), failure.exitCode());
        } catch (RefusedException refused) {
            return failed(streams, String.valueOf(refused.getMessage()), 1);
        } catch (TemplateFailure failure) {
            return failed(streams, "template parsing error: " + failure.getMessage(), 1);
        } catch (IOException unreachable) {
            return failed(streams, String.valueOf(unreachable.getMessage()), 1);
        } finally {
            streams.out().flush();
            streams.err().flush();
        }
    }

    private static int failed(Streams streams, String text, int exitCode) {
        streams.out().flush();
        if (!text.isEmpty()) {
            streams.err().println(text);
        }
        return exitCode;
    }

    private int attempt(List<String> words, Map<String, String> environment, Streams streams)
            throws Failure, IOException {
        if (isHelp(words)) {
            streams.out().print(commandLine.rootHelp());
            return 0;
        }
        Arguments globals = commandLine.globals(words);
        if (globals.isOn("version")) {
            streams.out().println("Panal version " + VERSION);
            return 0;
        }
        try (Session session = new Session(environment, streams, globals, surroundings)) {
            return commandLine.run(globals.operands(), session);
        }
    }

    private static boolean isHelp(List<String> words) {
        Optional<String> first = words.isEmpty() ? Optional.empty() : Optional.of(words.getFirst());
        return first.filter(word -> word.equals("--help") || word.equals("-h")).isPresent();
    }
}
