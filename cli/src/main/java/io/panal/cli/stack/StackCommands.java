package io.panal.cli.stack;

import io.panal.cli.client.Query;
import io.panal.cli.command.Command;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The commands behind `stack`.
public final class StackCommands {
    static final String LABEL = "com.docker.stack.namespace";

    private StackCommands() {}

    public static Command group() {
        return new Command.Group(
                "panal stack", "Manage Swarm stacks", List.of("ls", "ps", "rm", "services"), StackCommands::find);
    }

    private static Optional<Command> find(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "ls", "list" -> StackList.command();
                    case "ps" -> StackPs.command();
                    case "rm", "remove", "down" -> StackRemove.command();
                    case "services" -> StackServices.command();
                    default -> null;
                });
    }

    /// What carries a stack's label at a path, with further filters of the user.
    static Query labelled(String path, String stack, Map<String, List<String>> filters) {
        Map<String, List<String>> all = new TreeMap<>(filters);
        all.put("label", List.of(LABEL + "=" + stack));
        return Query.of(path).filters(all);
    }
}
