package io.panal.cli.service;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.progress.Convergence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// `service scale`.
final class ServiceScale implements Command.Action {
    private static final Usage USAGE = Usage.of(
            "panal service scale",
            "SERVICE=REPLICAS [SERVICE=REPLICAS...]",
            "Scale one or multiple replicated services",
            "-d, --detach   Exit immediately instead of waiting for the service to converge\n",
            Usage.Arity.SOME);

    private ServiceScale() {}

    static Command command() {
        return new Command.Leaf(USAGE, new ServiceScale());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        for (String operand : arguments.operands()) {
            if (operand.indexOf('=') < 0) {
                throw Failure.because("invalid scale specifier '" + operand + "'.\nSee '" + USAGE.path()
                        + " --help'.\n\nUsage:  " + USAGE.path() + " " + USAGE.operands() + "\n\n" + USAGE.summary());
            }
        }
        List<String> errors = new ArrayList<>();
        List<String> scaled = new ArrayList<>();
        for (String operand : arguments.operands()) {
            int equals = operand.indexOf('=');
            String reference = operand.substring(0, equals);
            try {
                scale(session, reference, operand.substring(equals + 1));
                scaled.add(reference);
            } catch (Failure | IOException failed) {
                errors.add(reference + ": " + failed.getMessage());
            }
        }
        if (!arguments.isOn("detach")) {
            for (String reference : scaled) {
                try {
                    Convergence.await(session, reference, false);
                } catch (Failure | IOException failed) {
                    errors.add(reference + ": " + failed.getMessage());
                }
            }
        }
        if (!errors.isEmpty()) {
            throw Failure.because(String.join("\n", errors));
        }
        return 0;
    }

    private static void scale(Session session, String reference, String count) throws Failure, IOException {
        long replicas = replicas(count);
        Tree service = ServiceCommands.service(session.engine(), reference);
        if (service.has("Spec.Mode.Replicated")) {
            service.tree("Spec.Mode.Replicated").put("Replicas", replicas);
        } else if (service.has("Spec.Mode.ReplicatedJob")) {
            service.tree("Spec.Mode.ReplicatedJob").put("TotalCompletions", replicas);
        } else {
            throw Failure.because("scale can only be used with replicated or replicated-job mode");
        }
        Updates.warn(session, Updates.send(session, Updates.of(service), service, ""));
        session.out().println(reference + " scaled to " + count);
    }

    private static long replicas(String count) throws Failure {
        try {
            long number = Long.parseLong(count);
            if (number >= 0 && !count.startsWith("+")) {
                return number;
            }
        } catch (NumberFormatException _) {
            throw invalid(count);
        }
        throw invalid(count);
    }

    private static Failure invalid(String count) {
        return Failure.because(
                "invalid replicas value " + count + ": strconv.ParseUint: parsing \"" + count + "\": invalid syntax");
    }
}
