package io.panal.cli.host;

import io.panal.cli.client.Engine;
import io.panal.cli.client.Query;
import io.panal.cli.client.RefusedException;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.shown.Inspection;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/// `inspect` of whatever has the name: a container, an image, a network, a volume, and in a swarm what it holds.
final class AnyInspect implements Command.Action {
    private static final Usage USAGE = Usage.of(
            "panal inspect",
            "[OPTIONS] NAME|ID [NAME|ID...]",
            "Return low-level information on Docker objects",
            Usage.INSPECT_FORMAT + """
                    -s, --size   Display total file sizes if the type is container
                    --type string   Only inspect objects of the given type
                    """,
            Usage.Arity.SOME);

    private static final List<Kind> KINDS = List.of(
            new Kind("container", "/containers/", "/json", false),
            new Kind("image", "/images/", "/json", false),
            new Kind("network", "/networks/", "", false),
            new Kind("volume", "/volumes/", "", false),
            new Kind("service", "/services/", "", true),
            new Kind("task", "/tasks/", "", true),
            new Kind("node", "/nodes/", "", true),
            new Kind("secret", "/secrets/", "", true),
            new Kind("config", "/configs/", "", true));

    /// @param swarm whether only a manager of a swarm knows such objects
    private record Kind(String name, String path, String rest, boolean swarm) {}

    private AnyInspect() {}

    static Command command() {
        return new Command.Leaf(USAGE, new AnyInspect());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        String type = arguments.text("type").toLowerCase(Locale.ROOT);
        boolean known =
                type.isEmpty() || KINDS.stream().anyMatch(kind -> kind.name().equals(type));
        if (!known) {
            throw Failure.because("unknown type: \"" + type + "\": must be one of container, image, network, volume, "
                    + "service, task, node, secret or config");
        }
        boolean size = arguments.isOn("size");
        return Inspection.run(
                arguments.operands(),
                arguments.text("format"),
                Inspection.Kind.ANY,
                reference -> find(session.engine(), reference, type, size),
                session);
    }

    private static Tree find(Engine engine, String reference, String type, boolean size) throws Failure, IOException {
        boolean asked = false;
        boolean manager = false;
        for (Kind kind : KINDS) {
            if (!type.isEmpty() && !kind.name().equals(type)) {
                continue;
            }
            if (kind.swarm() && !asked && type.isEmpty()) {
                asked = true;
                manager = engine.get("/info").isTrue("Swarm.ControlAvailable");
            }
            if (kind.swarm() && type.isEmpty() && !manager) {
                break;
            }
            Query query = Query.of(kind.path(), reference, kind.rest());
            if (kind.name().equals("service")) {
                query.with("insertDefaults", true);
            }
            if (size && kind.name().equals("container")) {
                query.with("size", 1);
            }
            try {
                return engine.get(query.toString());
            } catch (RefusedException refused) {
                if (!refused.isNotFound()) {
                    throw refused;
                }
            }
        }
        throw Failure.because("Error: No such " + (type.isEmpty() ? "object" : type) + ": " + reference);
    }
}
