package io.panal.cli.machine;

import io.panal.cli.command.Command;
import io.panal.cli.command.CommandLine;
import io.panal.cli.command.Usage;
import io.panal.cli.command.Usage.Arity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The words after `panal machine`.
public final class MachineCommand {
    private static final String SUMMARY = "Create and manage machines to run nodes on";
    private static final List<String> NAMES = List.of(
            "active",
            "config",
            "create",
            "env",
            "help",
            "inspect",
            "ip",
            "kill",
            "ls",
            "regenerate-certs",
            "restart",
            "rm",
            "scp",
            "ssh",
            "start",
            "status",
            "stop",
            "url",
            "version");

    /// docker-machine's own global options: taken, so that old lines run.
    private static final String UNUSED_OPTIONS = """
            -D, --debug                   Enable debug mode (accepted, not used)
            --bugsnag-api-token string    BugSnag API token for crash reporting (accepted, not used)
            --github-api-token string     Token to use for requests to the Github API (accepted, not used)
            --native-ssh                  Use the native (Go-based) SSH implementation (accepted, not used)
            --tls-ca-cert string          CA to verify remotes against (accepted, not used)
            --tls-ca-key string           Private key to generate certificates (accepted, not used)
            --tls-client-cert string      Client cert to use for TLS (accepted, not used)
            --tls-client-key string       Private key used in client TLS auth (accepted, not used)
            """;

    private MachineCommand() {}

    /// `machine` with all its commands; each is made when it is asked for.
    public static Command command() {
        return new Command.Group(
                "panal machine", SUMMARY, NAMES, MachineCommand::find, Storages.OPTION + UNUSED_OPTIONS);
    }

    private static Optional<Command> find(String name) {
        @Nullable
        Command found = switch (name) {
            case "active" -> ActiveCommand.command();
            case "config" -> ConfigCommand.command();
            case "create" -> CreateCommand.command();
            case "env" -> EnvCommand.command();
            case "help" -> help();
            case "inspect" -> InspectCommand.command();
            case "ip" -> FactCommand.address();
            case "kill" -> PowerCommand.kill();
            case "ls" -> ListCommand.command();
            case "regenerate-certs" -> RegenerateCommand.command();
            case "restart" -> PowerCommand.restart();
            case "rm" -> RemoveCommand.command();
            case "scp" -> CopyCommand.command();
            case "ssh" -> ShellCommand.command();
            case "start" -> PowerCommand.start();
            case "status" -> FactCommand.status();
            case "stop" -> PowerCommand.stop();
            case "url" -> FactCommand.url();
            case "version" -> FactCommand.version();
            default -> null;
        };
        return Optional.ofNullable(found);
    }

    private static Command help() {
        return new Command.Leaf(
                Usage.of(
                        "panal machine help",
                        "[COMMAND]",
                        "Shows a list of commands or help for one command",
                        "",
                        Arity.ANY),
                (arguments, session) -> {
                    var words = new ArrayList<>(List.of("help"));
                    words.addAll(arguments.operands());
                    var root = Usage.of(
                            "panal machine", "[OPTIONS] COMMAND", SUMMARY, Storages.OPTION + UNUSED_OPTIONS, Arity.ANY);
                    var sections = new CommandLine.Sections(List.of("Commands"), List.of(NAMES));
                    return new CommandLine(root, sections, MachineCommand::find).run(words, session);
                });
    }
}
