package io.panal.cli.host;

import io.panal.cli.client.Query;
import io.panal.cli.client.RefusedException;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// An `rm` that removes one object after the other and reports at the end what it could not remove.
///
/// @param path what stands before the reference in the request
public record ObjectRemove(String path) implements Command.Action {
    public static Command command(Usage usage, String path) {
        return new Command.Leaf(usage, new ObjectRemove(path));
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        List<String> errors = new ArrayList<>();
        for (String reference : arguments.operands()) {
            Query query = Query.of(path, reference);
            if (arguments.isOn("force") && path.equals("/containers/")) {
                query.with("force", 1);
            }
            if (arguments.isOn("volumes")) {
                query.with("v", 1);
            }
            try {
                session.engine().delete(query.toString());
                session.out().println(reference);
            } catch (RefusedException refused) {
                if (refused.isNotFound() && arguments.isOn("force")) {
                    continue;
                }
                errors.add(String.valueOf(refused.getMessage()));
            }
        }
        if (!errors.isEmpty()) {
            // The docker client ends a failed removal of networks so.
            String end = path.equals("/networks/") ? "\nexit status 1" : "";
            throw Failure.because(String.join("\n", errors) + end);
        }
        return 0;
    }
}
