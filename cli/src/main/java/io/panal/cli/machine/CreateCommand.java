package io.panal.cli.machine;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage.Arity;
import io.panal.machines.Machines;
import io.panal.machines.model.EngineOptions;
import io.panal.machines.model.Limits;
import io.panal.machines.model.MachineFailure;
import io.panal.machines.model.MachineName;
import io.panal.machines.model.MachinePlan;
import io.panal.machines.model.Subnet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// `machine create`: docker-machine's flags, and several names at once.
final class CreateCommand implements Command.Action {
    private static final String DEFAULT_CIDR = "192.168.66.1/24";

    private static final String OWN_OPTIONS = """
            --cidr string                         Network of the machines, by the host's address in it (default that of the machines there are, else "192.168.66.1/24")
            --cpus string                         Number of cores the machine may use, such as 2 or 0.5 (default all)
            --disk-size string                    Size of the machine's disk in MB, or with a unit (default shared with the host)
            -d, --driver string                   Driver to create machine with [$MACHINE_DRIVER] (default "local")
            --engine-env list                     Specify environment variables to set in the engine
            --engine-insecure-registry list       Specify insecure registries to allow with the created engine
            --engine-label list                   Specify labels for the created engine
            --engine-opt list                     Specify arbitrary flags to include with the created engine in the form flag=value
            --memory string                       Memory the machine may use in MB, or with a unit such as 512m or 2g (default all)
            --tls-san list                        Support extra SANs for TLS certs
            """;
    private static final String VIRTUALBOX_OPTIONS = """
            --virtualbox-cpu-count string         Another name of --cpus (-1 for all)
            --virtualbox-disk-size string         Another name of --disk-size
            --virtualbox-hostonly-cidr string     Another name of --cidr
            --virtualbox-memory string            Another name of --memory
            """;

    private static final String HINT = "To see how to connect your Docker Client to the Docker Engine running on this"
            + " machine, run: panal machine env ";

    private CreateCommand() {}

    static Command command() {
        return new Command.Leaf(
                Storages.usage(
                        "create",
                        "[OPTIONS] NAME [NAME...]",
                        "Create a machine",
                        OWN_OPTIONS + VIRTUALBOX_OPTIONS + UnusedFlags.OPTIONS,
                        Arity.ANY),
                new CreateCommand());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        if (arguments.operands().isEmpty()) {
            throw Failure.because("Error: No machine name specified");
        }
        Drivers.require(arguments, session);
        for (var warning : UnusedFlags.warnings(arguments)) {
            session.err().println(warning);
        }
        List<MachinePlan> plans;
        try {
            plans = plans(arguments, session);
        } catch (MachineFailure wrong) {
            throw Failure.because("Error creating machine: " + wrong.getMessage());
        }
        var machines = Storages.open(arguments, session);
        var progress = Together.printing(session.out(), plans.size());
        machines.create(plans, (name, step) -> {
            progress.report(name, step);
            if (step.equals(Machines.UP)) {
                progress.report(name, HINT + name);
            }
        });
        return 0;
    }

    private static List<MachinePlan> plans(Arguments arguments, Session session) throws IOException {
        var settings = new Settings(arguments, session);
        var limits = Limits.parse(
                        settings.text("cpus", "virtualbox-cpu-count", "VIRTUALBOX_CPU_COUNT", ""),
                        settings.text("memory", "virtualbox-memory", "VIRTUALBOX_MEMORY_SIZE", ""),
                        settings.text("disk-size", "virtualbox-disk-size", "VIRTUALBOX_DISK_SIZE", ""))
                .within(Runtime.getRuntime().availableProcessors());
        var cidr = settings.text("cidr", "virtualbox-hostonly-cidr", "VIRTUALBOX_HOSTONLY_CIDR", "");
        var subnet = cidr.isEmpty() ? usual(Storages.open(arguments, session)) : Subnet.parse(cidr);
        var engine = new EngineOptions(
                arguments.all("engine-opt"),
                arguments.all("engine-env"),
                arguments.all("engine-insecure-registry"),
                arguments.all("engine-label"),
                List.of(),
                "");
        var plans = new ArrayList<MachinePlan>();
        for (var name : new LinkedHashSet<>(arguments.operands())) {
            plans.add(new MachinePlan(MachineName.of(name), subnet, limits, engine, arguments.all("tls-san")));
        }
        return plans;
    }

    /// The network that all machines of the storage are on, where they are on one.
    private static Subnet usual(Machines machines) throws IOException {
        var subnets = machines.subnets();
        return subnets.size() == 1 ? subnets.iterator().next() : Subnet.parse(DEFAULT_CIDR);
    }

    private record Settings(Arguments arguments, Session session) {
        /// The flag, else its other name, else the variable, else what is stated.
        String text(String flag, String otherName, String variable, String otherwise) {
            var fromEnvironment = session.variable(variable);
            return arguments.text(
                    flag, arguments.text(otherName, fromEnvironment.isEmpty() ? otherwise : fromEnvironment));
        }
    }
}
