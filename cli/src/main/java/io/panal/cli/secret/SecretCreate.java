package io.panal.cli.secret;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// `secret create` and `config create`.
record SecretCreate(Kind kind) implements Command.Action {
    static Command command(Kind kind) {
        boolean secret = kind == Kind.SECRET;
        Usage usage = Usage.of(
                "panal " + kind.word() + " create",
                secret ? "[OPTIONS] SECRET [file|-]" : "[OPTIONS] CONFIG file|-",
                secret ? "Create a secret from a file or STDIN as content" : "Create a config from a file or STDIN",
                (secret ? "-d, --driver string   Secret driver\n" : "")
                        + "-l, --label list   " + kind.title() + " labels\n"
                        + "--template-driver string   Template driver\n",
                secret ? new Usage.Arity(1, 2, false) : new Usage.Arity(2, 2, false));
        return new Command.Leaf(usage, new SecretCreate(kind));
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        boolean driver = arguments.has("driver");
        Tree request = Tree.empty().put("Name", arguments.operand(0)).put("Labels", labels(arguments));
        if (driver && arguments.operands().size() > 1) {
            throw Failure.because("when using secret driver secret data must be empty");
        }
        if (!driver && arguments.operands().size() < 2) {
            throw Failure.because("secret create requires a file, or - for the standard input");
        }
        if (driver) {
            request.put("Driver", Tree.empty().put("Name", arguments.text("driver")));
        } else {
            byte[] content = content(arguments.operand(1), session);
            if (content.length == 0) {
                throw Failure.because("error reading from " + arguments.operand(1) + ": data is empty");
            }
            request.put("Data", Base64.getEncoder().encodeToString(content));
        }
        if (arguments.has("template-driver")) {
            request.put("Templating", Tree.empty().put("Name", arguments.text("template-driver")));
        }
        session.out()
                .println(session.engine()
                        .post(kind.path() + "/create", request.map())
                        .text("ID"));
        return 0;
    }

    private static Map<String, String> labels(Arguments arguments) {
        var labels = new LinkedHashMap<String, String>();
        for (String label : arguments.all("label")) {
            int equals = label.indexOf('=');
            labels.put(equals < 0 ? label : label.substring(0, equals), equals < 0 ? "" : label.substring(equals + 1));
        }
        return labels;
    }

    private byte[] content(String file, Session session) throws Failure, IOException {
        if (file.equals("-")) {
            return session.in().readAllBytes();
        }
        try {
            return Files.readAllBytes(Path.of(file));
        } catch (NoSuchFileException _) {
            throw Failure.because(
                    "error reading content from \"" + file + "\": open " + file + ": no such file or directory");
        }
    }
}
