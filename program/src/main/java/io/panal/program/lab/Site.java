package io.panal.program.lab;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Where a lab is and what it is made of.
///
/// @param home of the installed program
/// @param storage where its machines are kept
/// @param cidr the machines' network, this host's address in it
/// @param options of `panal machine create`
record Site(Path home, Path storage, String cidr, List<String> options, boolean quiet, Session session) {
    static final List<String> MANAGERS = IntStream.rangeClosed(1, 3)
            .mapToObj(i -> "docker-swarm-manager-" + i)
            .toList();
    static final List<String> WORKERS = IntStream.rangeClosed(1, 3)
            .mapToObj(i -> "docker-swarm-worker-" + i)
            .toList();
    static final int REGISTRY_PORT = 5000;
    static final String DEFAULT_STORAGE = "/var/lib/panal-machines";
    static final String DEFAULT_CIDR = "192.168.66.1/24";

    static Site of(Arguments arguments, Session session) throws Failure {
        String home = session.variable("PANAL_HOME");
        if (home.isEmpty()) {
            throw Failure.because("PANAL_HOME is not set: start this program by its launcher, panal");
        }
        String storage = arguments.text("storage-path", session.variable("MACHINE_STORAGE_PATH"));
        List<String> options = Stream.of("cidr", "cpus", "memory")
                .filter(arguments::has)
                .flatMap(option -> Stream.of("--" + option, arguments.text(option)))
                .toList();
        return new Site(
                Path.of(home),
                Path.of(storage.isEmpty() ? DEFAULT_STORAGE : storage),
                arguments.text("cidr", DEFAULT_CIDR),
                options,
                arguments.isOn("quiet"),
                session);
    }

    static List<String> machines() {
        return Stream.concat(MANAGERS.stream(), WORKERS.stream()).toList();
    }

    /// This host's address in the machines' network.
    String address() {
        int slash = cidr.indexOf('/');
        return slash < 0 ? cidr : cidr.substring(0, slash);
    }

    String registry() {
        return address() + ":" + REGISTRY_PORT;
    }

    /// What a user's shell must be told first, so that the lab's commands work in it as they are shown.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        boolean onPath = Stream.of(session.variable("PATH").split(":", -1))
                .anyMatch(place -> !place.isEmpty() && Files.isExecutable(Path.of(place, "panal")));
        if (!onPath) {
            // The launcher stays where it is when the program is built anew.
            String launcher = session.variable("PANAL_LAUNCHER");
            lines.add("export PATH=\"%s:$PATH\"".formatted(launcher.isEmpty() ? home : launcher));
        }
        if (!storage.toString().equals(DEFAULT_STORAGE)
                && !storage.toString().equals(session.variable("MACHINE_STORAGE_PATH"))) {
            lines.add("export MACHINE_STORAGE_PATH=" + storage);
        }
        return lines;
    }

    /// Kept from lab to lab: images made of Debian's packages.
    Path cache() {
        return Path.of("/var/cache/panal/images");
    }

    /// Gone with the lab.
    Path own() {
        return storage.resolveSibling(storage.getFileName() + "-lab");
    }
}
