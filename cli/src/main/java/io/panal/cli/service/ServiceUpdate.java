package io.panal.cli.service;

import io.panal.cli.client.Query;
import io.panal.cli.client.RegistryLogin;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Flag;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.progress.Convergence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// `service update`.
final class ServiceUpdate implements Command.Action {
    private static final Usage USAGE = Usage.of(
            "panal service update", "[OPTIONS] SERVICE", "Update a service", UpdateOptions.TEXT, Usage.Arity.ONE);

    private ServiceUpdate() {}

    static Command command() {
        return new Command.Leaf(USAGE, new ServiceUpdate());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        String reference = arguments.operand(0);
        boolean rollback = arguments.isOn("rollback");
        if (rollback) {
            refuseOthers(arguments);
        }
        Tree service = ServiceCommands.service(session.engine(), reference);
        Query query = Updates.of(service);
        if (rollback) {
            query.with("rollback", "previous");
        }
        var spec = new Spec(service.make("Spec"));
        List<String> warnings = new ArrayList<>();
        if (!rollback) {
            new Changes(arguments, session, spec).apply();
        }
        String headers = "";
        if (arguments.has("image") && !rollback) {
            spec.container().put("Image", arguments.text("image"));
            Registry.Answer answer = Registry.resolve(session, spec, arguments);
            headers = answer.headers();
            warnings.addAll(answer.warnings());
        } else if (arguments.isOn("with-registry-auth")) {
            headers = RegistryLogin.header(
                    session.configuration(), spec.container().text("Image"));
        }
        if (headers.isEmpty()) {
            query.with("registryAuthFrom", "spec");
        }
        warnings.addAll(Updates.send(session, query, service, headers));
        Updates.warn(session, warnings);
        session.out().println(reference);
        if (!arguments.isOn("detach")) {
            Convergence.await(session, reference, arguments.isOn("quiet"));
        }
        return 0;
    }

    private static void refuseOthers(Arguments arguments) throws Failure {
        List<String> allowed = List.of("rollback", "detach", "quiet", "with-registry-auth");
        for (Flag flag : USAGE.flags()) {
            if (arguments.has(flag.name()) && !allowed.contains(flag.name())) {
                throw Failure.because("other flags may not be combined with --rollback");
            }
        }
    }
}
