package io.panal.program.lab;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import java.io.IOException;
import java.util.List;

/// `panal lab`, `panal lab status`, `panal lab rm`.
public final class LabCommand implements Command.Action {
    private static final String OPTIONS = """
            --cidr string   Network of the machines, the address of this host in it first (default "192.168.66.1/24")
            --cpus string   Number of CPUs for each machine (default: all)
            --memory string   Memory for each machine, in MB or with a unit: 512m, 2g (default: no limit)
            -q, --quiet   Print only what goes wrong
            -s, --storage-path string   Where machines are kept [$MACHINE_STORAGE_PATH] (default "/var/lib/panal-machines")
            """;
    private static final String SUMMARY =
            "Make the lab's swarm on this host: 3 managers, 3 workers, nginx, scaled to 10";

    private LabCommand() {}

    public static Command command() {
        return new Command.Leaf(
                Usage.of("panal lab", "[OPTIONS] [status|rm|registry]", SUMMARY, OPTIONS, new Usage.Arity(0, 3, false)),
                new LabCommand());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        List<String> words = arguments.operands();
        Site site = Site.of(arguments, session);
        return switch (words.isEmpty() ? "" : words.getFirst()) {
            case "" -> new Lab(site).make();
            case "status" -> new Lab(site).status();
            case "rm", "remove", "down" -> new Lab(site).remove();
            case "registry" -> RegistryProcess.serve(words);
            default ->
                throw Failure.because(
                        "panal lab: '%s' is none of its words: status, rm\n\nRun 'panal lab --help' for more information"
                                .formatted(words.getFirst()));
        };
    }
}
