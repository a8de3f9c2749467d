package io.panal.cli.network;

import io.panal.cli.command.Command;
import io.panal.cli.command.Usage;
import io.panal.cli.host.ObjectRemove;
import java.util.List;
import java.util.Optional;

/// The commands behind `network`.
public final class NetworkCommands {
    private NetworkCommands() {}

    public static Command group() {
        return new Command.Group(
                "panal network",
                "Manage networks",
                List.of("create", "doctor", "inspect", "ls", "rm"),
                NetworkCommands::find);
    }

    private static Optional<Command> find(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "create" -> NetworkCreate.command();
                    case "doctor" -> NetworkDoctor.command();
                    case "inspect" -> NetworkInspect.command();
                    case "ls", "list" -> NetworkList.command();
                    case "rm", "remove" -> remove();
                    default -> null;
                });
    }

    private static Command remove() {
        return ObjectRemove.command(
                new Usage(
                        "panal network rm",
                        "NETWORK [NETWORK...]",
                        "Remove one or more networks",
                        List.of("panal network rm", "panal network remove"),
                        "-f, --force   Do not error if the network does not exist\n",
                        Usage.Arity.SOME),
                "/networks/");
    }
}
