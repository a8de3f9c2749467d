package io.panal.cli.machine;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage.Arity;
import io.panal.machines.model.MachineName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// `machine rm`: asks first, unless told that it need not.
final class RemoveCommand implements Command.Action {
    private static final String OPTIONS = """
            -f, --force   Remove local configuration even if machine cannot be removed, also implies an automatic yes (`-y`)
            -y, --yes     Assumes automatic yes to proceed with remove, without prompting further user confirmation
            """;

    private RemoveCommand() {}

    static Command command() {
        return new Command.Leaf(
                Storages.usage("rm", "[OPTIONS] NAME [NAME...]", "Remove a machine", OPTIONS, Arity.ANY),
                new RemoveCommand());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        if (arguments.operands().isEmpty()) {
            throw Failure.because("Error: Expected to get one or more machine names as arguments");
        }
        var machines = Storages.open(arguments, session);
        var force = arguments.isOn("force");
        var missing = new ArrayList<String>();
        var names = new ArrayList<MachineName>();
        for (var operand : arguments.operands()) {
            try {
                names.add(Storages.existing(operand, machines));
            } catch (IOException unknown) {
                missing.add("Error removing host \"%s\": %s".formatted(operand, unknown.getMessage()));
            }
        }
        if (names.isEmpty()) {
            throw Failure.because(String.join("\n", missing));
        }
        session.out().println("About to remove " + String.join(", ", arguments.operands()));
        session.out().println("WARNING: This action will delete both local reference and remote instance.");
        if (!force && !arguments.isOn("yes") && !Confirmation.given(session, "Are you sure? (y/n): ")) {
            return 0;
        }
        remove(names, session, name -> machines.remove(name));
        if (!missing.isEmpty() && !force) {
            throw Failure.because(String.join("\n", missing));
        }
        return 0;
    }

    private static void remove(List<MachineName> names, Session session, Together.Deed deed) throws Failure {
        Together.apply(names, name -> {
            deed.to(name);
            session.out().println("Successfully removed " + name);
            session.out().flush();
        });
    }
}
