package io.panal.cli;

import io.panal.cli.command.Command;
import io.panal.cli.command.CommandLine;
import io.panal.cli.host.HostCommands;
import io.panal.cli.network.NetworkCommands;
import io.panal.cli.node.NodeCommands;
import io.panal.cli.secret.SecretCommands;
import io.panal.cli.service.ServiceCommands;
import io.panal.cli.stack.StackCommands;
import io.panal.cli.swarm.SwarmCommands;
import io.panal.cli.system.Completion;
import io.panal.cli.system.InfoCommand;
import io.panal.cli.system.VersionCommand;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The commands by their first word; each is made when it is asked for, so that the others cost nothing.
final class Commands implements Command.Lookup {
    static final List<String> TITLES = List.of("Swarm Commands", "Commands");
    static final List<List<String>> NAMES = List.of(
            List.of("config", "node", "secret", "service", "stack", "swarm"),
            List.of(
                    "completion",
                    "container",
                    "image",
                    "images",
                    "info",
                    "inspect",
                    "kill",
                    "logs",
                    "network",
                    "ps",
                    "pull",
                    "restart",
                    "rm",
                    "rmi",
                    "start",
                    "stop",
                    "version"));

    private final List<Command> outside;
    private @Nullable CommandLine commandLine;

    Commands(List<Command> outside) {
        this.outside = outside;
    }

    /// Names the command line that `completion` answers for.
    void completeWith(CommandLine line) {
        commandLine = line;
    }

    @Override
    public Optional<Command> find(String name) {
        Command own = switch (name) {
            case "completion" -> new Completion(commandLine).group();
            case "__complete" -> new Completion(commandLine).answer();
            case "node" -> NodeCommands.group();
            case "stack" -> StackCommands.group();
            case "swarm" -> SwarmCommands.group();
            case "service" -> ServiceCommands.group();
            case "network" -> NetworkCommands.group();
            case "secret" -> SecretCommands.secrets();
            case "config" -> SecretCommands.configs();
            case "container" -> HostCommands.container();
            case "image" -> HostCommands.image();
            case "info" -> InfoCommand.command();
            case "version" -> VersionCommand.command();
            default -> HostCommands.shortcut(name).orElse(null);
        };
        if (own != null) {
            return Optional.of(own);
        }
        for (Command command : outside) {
            if (command.name().equals(name)) {
                return Optional.of(command);
            }
        }
        return Optional.empty();
    }
}
