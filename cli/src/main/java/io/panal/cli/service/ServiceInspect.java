package io.panal.cli.service;

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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `service inspect`.
final class ServiceInspect implements Command.Action {
    private static final Usage USAGE = Usage.of(
            "panal service inspect",
            "[OPTIONS] SERVICE [SERVICE...]",
            "Display detailed information on one or more services",
            Usage.INSPECT_FORMAT + "--pretty   Print the information in a human friendly format\n",
            Usage.Arity.SOME);

    private static final Inspection.Kind KIND =
            new Inspection.Kind("swarm.Service", List.of("PreviousSpec", "UpdateStatus", "ServiceStatus", "JobStatus"));

    /// The order in which the docker client writes a container's settings, whatever order the daemon answers in.
    private static final List<String> CONTAINER = List.of(
            "Image",
            "Labels",
            "Command",
            "Args",
            "Hostname",
            "Env",
            "Dir",
            "User",
            "Groups",
            "Privileges",
            "Init",
            "StopSignal",
            "TTY",
            "OpenStdin",
            "ReadOnly",
            "Mounts",
            "StopGracePeriod",
            "Healthcheck",
            "Hosts",
            "DNSConfig",
            "Secrets",
            "Configs",
            "Isolation",
            "Sysctls",
            "CapabilityAdd",
            "CapabilityDrop",
            "Ulimits");

    private ServiceInspect() {}

    static Command command() {
        return new Command.Leaf(USAGE, new ServiceInspect());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        if (arguments.isOn("pretty") && arguments.has("format")) {
            throw Failure.because("--format is incompatible with human friendly format");
        }
        Inspection.Lookup lookup = reference -> service(session, reference);
        String format = arguments.text("format");
        if (!arguments.isOn("pretty") && !format.equals("pretty")) {
            return Inspection.run(arguments.operands(), format, KIND, lookup, session);
        }
        Map<String, String> networks = new HashMap<>();
        Inspection.Pretty pretty = service -> {
            for (Tree network : service.trees("Spec.TaskTemplate.Networks")) {
                String target = network.text("Target");
                Query query = Query.of("/networks/", target).with("scope", "swarm");
                networks.put(target, session.engine().get(query.toString()).text("Name"));
            }
            return ServicePretty.show(service, networks, session.now());
        };
        return Inspection.run(arguments.operands(), pretty, lookup, session);
    }

    private static Tree service(Session session, String reference) throws Failure, IOException {
        try {
            Query query = Query.of("/services/", reference).with("insertDefaults", true);
            Tree service = session.engine().get(query.toString());
            order(service.tree("Spec.TaskTemplate.ContainerSpec"));
            order(service.tree("PreviousSpec.TaskTemplate.ContainerSpec"));
            return service;
        } catch (RefusedException refused) {
            if (refused.isNotFound()) {
                throw Failure.because("Error: no such service: " + reference);
            }
            throw refused;
        }
    }

    private static void order(Tree container) {
        var rest = new LinkedHashMap<>(container.map());
        container.map().clear();
        for (String name : CONTAINER) {
            if (rest.containsKey(name)) {
                container.put(name, rest.remove(name));
            }
        }
        container.map().putAll(rest);
    }
}
