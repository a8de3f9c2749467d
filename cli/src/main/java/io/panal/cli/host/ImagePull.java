package io.panal.cli.host;

import io.panal.cli.client.Query;
import io.panal.cli.client.RegistryLogin;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Json;
import io.panal.cli.json.Tree;
import io.panal.cli.progress.Display;
import io.panal.cli.shown.Images;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// `image pull`.
final class ImagePull implements Command.Action {
    private ImagePull() {}

    /// @param path `panal image pull`, or `panal pull` for short
    static Command command(String path) {
        Usage usage = new Usage(
                path,
                "[OPTIONS] NAME[:TAG|@DIGEST]",
                "Download an image from a registry",
                List.of("panal image pull", "panal pull"),
                "-q, --quiet   Suppress verbose output\n",
                Usage.Arity.ONE);
        return new Command.Leaf(usage, new ImagePull());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        boolean quiet = arguments.isOn("quiet");
        String image = Images.tagged(arguments.operand(0));
        if (!image.equals(arguments.operand(0)) && !quiet) {
            session.out().println("Using default tag: latest");
        }
        int at = image.indexOf('@');
        int cut = at < 0 ? image.lastIndexOf(':') : at;
        Query query = Query.of("/images/create")
                .with("fromImage", image.substring(0, cut))
                .with("tag", image.substring(cut + 1));
        String headers = RegistryLogin.header(session.configuration(), image);
        try (InputStream stream = session.engine().postStream(query.toString(), headers);
                Json.Sequence lines = Json.sequence(stream)) {
            show(lines, new Display(session.out(), session.isTerminal(), quiet));
        }
        session.out().println(image.indexOf('/') < 0 ? "docker.io/library/" + image : image);
        return 0;
    }

    private static void show(Json.Sequence lines, Display display) throws Failure, IOException {
        for (Object line = lines.next(); line != null; line = lines.next()) {
            Tree message = Tree.of(line);
            if (message.has("error")) {
                throw Failure.because(message.text("error"));
            }
            long total = message.number("progressDetail.total");
            if (total > 0) {
                long current = message.number("progressDetail.current");
                display.bar(message.text("id"), message.text("status"), current, total);
            } else if (message.has("progressDetail")) {
                display.line(message.text("id"), message.text("status"));
            } else {
                display.message(message.text("id"), message.text("status"));
            }
        }
    }
}
