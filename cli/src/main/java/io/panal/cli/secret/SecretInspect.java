package io.panal.cli.secret;

import io.panal.cli.client.Query;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.shown.Inspection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.TreeMap;

/// `secret inspect` and `config inspect`.
record SecretInspect(Kind kind) implements Command.Action {
    static Command command(Kind kind) {
        String operand = kind.word().toUpperCase(Locale.ROOT);
        Usage usage = Usage.of(
                "panal " + kind.word() + " inspect",
                "[OPTIONS] " + operand + " [" + operand + "...]",
                "Display detailed information on one or more " + kind.word() + "s",
                Usage.INSPECT_FORMAT + "--pretty   Print the information in a human friendly format\n",
                Usage.Arity.SOME);
        return new Command.Leaf(usage, new SecretInspect(kind));
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        Inspection.Lookup lookup = reference ->
                session.engine().get(Query.of(kind.path() + "/", reference).toString());
        if (arguments.isOn("pretty") && arguments.has("format")) {
            throw Failure.because("--format is incompatible with human friendly format");
        }
        return arguments.isOn("pretty")
                ? Inspection.run(arguments.operands(), this::pretty, lookup, session)
                : Inspection.run(arguments.operands(), arguments.text("format"), Inspection.Kind.ANY, lookup, session);
    }

    private String pretty(Tree object) {
        var out = new StringBuilder();
        boolean secret = kind == Kind.SECRET;
        out.append(secret ? "ID:              " : "ID:\t\t\t").append(object.text("ID"));
        out.append(secret ? "\nName:              " : "\nName:\t\t\t").append(object.text("Spec.Name"));
        var labels = new TreeMap<>(object.strings("Spec.Labels"));
        if (!labels.isEmpty()) {
            out.append("\nLabels:");
            labels.forEach((name, value) -> out.append("\n - ")
                    .append(name)
                    .append(value.isEmpty() ? "" : "=")
                    .append(value));
        }
        if (secret) {
            out.append("\nDriver:            ").append(object.text("Spec.Driver.Name"));
        }
        String gap = secret ? "        " : "            \t";
        out.append("\nCreated at:").append(gap).append(time(object.text("CreatedAt")));
        out.append("\nUpdated at:").append(gap).append(time(object.text("UpdatedAt")));
        if (!secret) {
            byte[] data = Base64.getDecoder().decode(object.text("Spec.Data"));
            out.append("\nData:\n")
                    .append(new String(data, StandardCharsets.UTF_8))
                    .append('\n');
        }
        return out.append('\n').toString();
    }

    private static String time(String timestamp) {
        return timestamp.replace('T', ' ').replace("Z", "") + " +0000 utc";
    }
}
