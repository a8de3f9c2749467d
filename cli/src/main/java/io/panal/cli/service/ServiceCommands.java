package io.panal.cli.service;

import io.panal.cli.client.Engine;
import io.panal.cli.client.Query;
import io.panal.cli.command.Command;
import io.panal.cli.json.Tree;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The commands behind `service`.
public final class ServiceCommands {
    private static final List<String> NAMES =
            List.of("create", "inspect", "logs", "ls", "ps", "rm", "rollback", "scale", "update");

    private ServiceCommands() {}

    public static Command group() {
        return new Command.Group("panal service", "Manage Swarm services", NAMES, ServiceCommands::find);
    }

    private static Optional<Command> find(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "create" -> ServiceCreate.command();
                    case "inspect" -> ServiceInspect.command();
                    case "logs" -> ServiceLogs.command();
                    case "ls", "list" -> ServiceList.command();
                    case "ps" -> ServicePs.command();
                    case "rm", "remove" -> ServiceRemove.command();
                    case "rollback" -> ServiceRollback.command();
                    case "scale" -> ServiceScale.command();
                    case "update" -> ServiceUpdate.command();
                    default -> null;
                });
    }

    /// A service as it was asked for, without the defaults.
    static Tree service(Engine engine, String reference) throws IOException {
        return engine.get(
                Query.of("/services/", reference).with("insertDefaults", false).toString());
    }
}
