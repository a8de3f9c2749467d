package io.panal.cli.secret;

import io.panal.cli.command.Command;
import io.panal.cli.command.Usage;
import io.panal.cli.host.ObjectRemove;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The commands behind `secret` and `config`.
public final class SecretCommands {
    private SecretCommands() {}

    public static Command secrets() {
        return group(Kind.SECRET);
    }

    public static Command configs() {
        return group(Kind.CONFIG);
    }

    private static Command group(Kind kind) {
        return new Command.Group(
                "panal " + kind.word(),
                "Manage Swarm " + kind.word() + "s",
                List.of("create", "inspect", "ls", "rm"),
                name -> find(kind, name));
    }

    private static Optional<Command> find(Kind kind, String name) {
        String path = "panal " + kind.word() + " ";
        return Optional.ofNullable(
                switch (name) {
                    case "create" -> SecretCreate.command(kind);
                    case "inspect" -> SecretInspect.command(kind);
                    case "ls", "list" -> SecretList.command(kind);
                    case "rm", "remove" ->
                        ObjectRemove.command(
                                new Usage(
                                        path + "rm",
                                        kind.word().toUpperCase(Locale.ROOT) + " ["
                                                + kind.word().toUpperCase(Locale.ROOT) + "...]",
                                        "Remove one or more " + kind.word() + "s",
                                        List.of(path + "rm", path + "remove"),
                                        "",
                                        Usage.Arity.SOME),
                                kind.path() + "/");
                    default -> null;
                });
    }
}
