package io.panal.cli.host;

import io.panal.cli.client.Query;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.OneByOne;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import java.io.IOException;
import java.util.List;

/// `image rm`.
final class ImageRemove implements Command.Action {
    private ImageRemove() {}

    /// @param path `panal image rm`, or `panal rmi` for short
    static Command command(String path) {
        Usage usage = new Usage(
                path,
                "[OPTIONS] IMAGE [IMAGE...]",
                "Remove one or more images",
                List.of("panal image rm", "panal image remove", "panal rmi"),
                """
                -f, --force   Force removal of the image
                --no-prune   Do not delete untagged parents
                """,
                Usage.Arity.SOME);
        return new Command.Leaf(usage, new ImageRemove());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        return OneByOne.run(arguments.operands(), reference -> {
            Query query = Query.of("/images/", reference);
            if (arguments.isOn("force")) {
                query.with("force", 1);
            }
            if (arguments.isOn("no-prune")) {
                query.with("noprune", 1);
            }
            for (Tree gone : session.engine().deleteList(query.toString())) {
                boolean deleted = gone.has("Deleted");
                session.out()
                        .println(deleted ? "Deleted: " + gone.text("Deleted") : "Untagged: " + gone.text("Untagged"));
            }
        });
    }
}
