package io.panal.cli.host;

import io.panal.cli.client.Query;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.shown.Inspection;
import java.io.IOException;

/// An `inspect` that prints what the daemon says, unchanged.
///
/// @param path what stands before the reference in the request
/// @param rest what stands after it
public record ObjectInspect(String path, String rest) implements Command.Action {
    /// @param operand how help calls one, such as `NETWORK`
    /// @param many how help calls more of them
    public static Command command(String words, String operand, String many, String path, String rest) {
        Usage usage = Usage.of(
                words,
                "[OPTIONS] " + operand + " [" + operand + "...]",
                "Display detailed information on one or more " + many,
                Usage.INSPECT_FORMAT,
                Usage.Arity.SOME);
        return new Command.Leaf(usage, new ObjectInspect(path, rest));
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        return Inspection.run(
                arguments.operands(),
                arguments.text("format"),
                Inspection.Kind.ANY,
                reference ->
                        session.engine().get(Query.of(path, reference, rest).toString()),
                session);
    }
}
