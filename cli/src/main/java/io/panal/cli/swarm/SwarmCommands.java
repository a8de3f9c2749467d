package io.panal.cli.swarm;

import io.panal.cli.command.Command;
import java.util.List;
import java.util.Optional;

/// The commands behind `swarm`.
public final class SwarmCommands {
    private static final List<String> NAMES =
            List.of("ca", "init", "join", "join-token", "leave", "unlock", "unlock-key", "update");

    private SwarmCommands() {}

    public static Command group() {
        return new Command.Group("panal swarm", "Manage Swarm", NAMES, SwarmCommands::find);
    }

    private static Optional<Command> find(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "ca" -> SwarmAuthority.command();
                    case "init" -> SwarmInit.command();
                    case "join" -> SwarmJoin.command();
                    case "join-token" -> JoinToken.command();
                    case "leave" -> SwarmLeave.command();
                    case "unlock" -> SwarmUnlock.command();
                    case "unlock-key" -> UnlockKey.command();
                    case "update" -> SwarmUpdate.command();
                    default -> null;
                });
    }
}
