package io.panal.cli.stack;

import io.panal.cli.client.Query;
import io.panal.cli.client.RefusedException;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.shown.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// `stack rm`: services first, since they hold the rest.
final class StackRemove implements Command.Action {
    private static final Usage USAGE = new Usage(
            "panal stack rm",
            "STACK [STACK...]",
            "Remove one or more stacks",
            List.of("panal stack rm", "panal stack remove", "panal stack down"),
            "",
            Usage.Arity.SOME);
    private static final List<String> ASKED = List.of("service", "network", "secret", "config");
    private static final List<String> REMOVED = List.of("service", "secret", "config", "network");

    private StackRemove() {}

    static Command command() {
        return new Command.Leaf(USAGE, new StackRemove());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        List<String> errors = new ArrayList<>();
        for (String stack : arguments.operands()) {
            Map<String, List<Tree>> found = new HashMap<>();
            boolean any = false;
            for (String kind : ASKED) {
                List<Tree> objects = session.engine()
                        .list(StackCommands.labelled("/" + kind + "s", stack, Map.of())
                                .toString());
                objects.sort((one, other) -> Text.NATURAL.compare(name(one), name(other)));
                any |= !objects.isEmpty();
                found.put(kind, objects);
            }
            if (!any) {
                session.err().println("Nothing found in stack: " + stack);
                continue;
            }
            boolean complete = true;
            for (String kind : REMOVED) {
                for (Tree object : found.getOrDefault(kind, List.of())) {
                    complete &= remove(session, kind, object);
                }
            }
            if (!complete) {
                errors.add("Failed to remove some resources from stack: " + stack);
            }
        }
        if (!errors.isEmpty()) {
            throw Failure.because(String.join("\n", errors));
        }
        return 0;
    }

    private static String name(Tree object) {
        return object.has("Spec.Name") ? object.text("Spec.Name") : object.text("Name");
    }

    private static boolean remove(Session session, String kind, Tree object) throws Failure, IOException {
        session.out().println("Removing " + kind + " " + name(object));
        String id = object.has("ID") ? object.text("ID") : object.text("Id");
        try {
            session.engine().delete(Query.of("/" + kind + "s/", id).toString());
            return true;
        } catch (RefusedException refused) {
            session.out().flush();
            session.err().println("Failed to remove " + kind + " " + id + ": " + refused.getMessage());
            return false;
        }
    }
}
