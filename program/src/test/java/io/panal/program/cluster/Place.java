package io.panal.program.cluster;

import io.panal.machines.model.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// A storage of machines for tests, in a directory and a network of its own, reached by the launcher that users call.
final class Place implements AutoCloseable {
    private final Path launcher;
    private final Path storage;
    private final String cidr;
    private final Path docker;
    private final Map<String, String> addresses = new ConcurrentHashMap<>();

    private Place(Path launcher, Path storage, String cidr, Path docker) {
        this.launcher = launcher;
        this.storage = storage;
        this.cidr = cidr;
        this.docker = docker;
    }

    /// @param cidr the host's address in the machines' network, such as `192.168.181.1/24`
    static Place in(String cidr) {
        try {
            // Not below /tmp: a machine's own /tmp would hide a storage that is shown by mistake.
            Path storage = Files.createTempDirectory(Path.of("/var/tmp"), "panal-it-");
            return new Place(Distribution.launcher(), storage, cidr, Commands.require("docker"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Path launcher() {
        return launcher;
    }

    Path storage() {
        return storage;
    }

    /// Names what the storage has in the kernel.
    String key() {
        return site().key();
    }

    private Site site() {
        return Site.installed(storage, launcher.getParent());
    }

    /// This host's address in the machines' network.
    String host() {
        return cidr.substring(0, cidr.indexOf('/'));
    }

    /// `panal machine ...`.
    Ran machine(String... words) {
        return launch(Map.of("MACHINE_STORAGE_PATH", storage.toString()), "machine", words);
    }

    void create(String... names) {
        List<String> words = new ArrayList<>(List.of("create", "--cidr", cidr));
        words.addAll(List.of(names));
        machine(words.toArray(String[]::new)).must();
    }

    /// The stock client, pointed at a machine as `panal machine env` would.
    Ran docker(String machine, String... words) {
        List<String> line = new ArrayList<>(List.of(docker.toString()));
        line.addAll(List.of(words));
        return Commands.run(surroundings(machine), line);
    }

    /// Our own client, pointed likewise.
    Ran panal(String machine, String... words) {
        return launch(surroundings(machine), words[0], Stream.of(words).skip(1).toArray(String[]::new));
    }

    /// A command in a machine, as root.
    Ran inside(String machine, String script) {
        return machine("ssh", machine, script);
    }

    String address(String machine) {
        return addresses.computeIfAbsent(machine, name -> machine("ip", name).must());
    }

    /// The machine's first process, as the host numbers it.
    long process(String machine) {
        try {
            Path file =
                    site().runDirectory().resolve("machines").resolve(machine).resolve("pid");
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// The machine's engine socket, seen from this host.
    Path socket(String machine) {
        return Path.of("/proc/%d/root/run/panal/docker.sock".formatted(process(machine)));
    }

    /// What `panal machine env` sets.
    Map<String, String> surroundings(String machine) {
        Path certificates = storage.resolve("machines").resolve(machine);
        return Map.of(
                "DOCKER_HOST", "tcp://%s:2376".formatted(address(machine)),
                "DOCKER_TLS_VERIFY", "1",
                "DOCKER_CERT_PATH", certificates.toString(),
                "DOCKER_CONFIG", storage.resolve("no-docker-config").toString());
    }

    private Ran launch(Map<String, String> environment, String first, String... words) {
        List<String> line = new ArrayList<>(List.of(launcher.toString(), first));
        line.addAll(List.of(words));
        return Commands.run(environment, line);
    }

    @Override
    public void close() {
        String names = machine("ls", "-q").out().strip();
        if (!names.isEmpty()) {
            List<String> words = new ArrayList<>(List.of("rm", "-f", "-y"));
            words.addAll(names.lines().map(String::strip).toList());
            machine(words.toArray(String[]::new)).must();
        }
        try (Stream<Path> left = Files.exists(storage) ? Files.walk(storage) : Stream.empty()) {
            for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
