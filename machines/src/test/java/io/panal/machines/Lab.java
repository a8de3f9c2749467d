package io.panal.machines;

import io.panal.machines.model.EngineOptions;
import io.panal.machines.model.Limits;
import io.panal.machines.model.MachineName;
import io.panal.machines.model.MachinePlan;
import io.panal.machines.model.Progress;
import io.panal.machines.model.Site;
import io.panal.machines.model.Subnet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A storage of real machines for one test, in a temporary directory and a network of its own.
final class Lab implements AutoCloseable {
    final Path storage;
    final Site site;
    final Machines machines;
    final Subnet subnet;

    private Lab(Path storage, Site site, Machines machines, Subnet subnet) {
        this.storage = storage;
        this.site = site;
        this.machines = machines;
        this.subnet = subnet;
    }

    /// @param network for example `10.231.7.1/24`; different in tests that may run at once
    static Lab in(String network) throws IOException {
        return in(network, daemon());
    }

    static Lab in(String network, List<String> daemon) throws IOException {
        // Not below /tmp: a machine's own /tmp would hide a storage that is shown by mistake.
        var storage = Files.createTempDirectory(Path.of("/var/tmp"), "panal-machines-test-");
        var site = new Site(
                storage,
                daemon,
                List.of(Path.of(System.getProperty("java.home")), classes()),
                Map.of("JAVA_HOME", System.getProperty("java.home")));
        return new Lab(storage, site, Machines.at(site), Subnet.parse(network));
    }

    private static List<String> daemon() {
        return List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                classes().toString(),
                StandInDaemon.class.getName());
    }

    private static Path classes() {
        return Path.of(StandInDaemon.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
    }

    MachineName create(String name) throws IOException {
        return create(name, Limits.none());
    }

    MachineName create(String name, Limits limits) throws IOException {
        var plan = new MachinePlan(MachineName.of(name), subnet, limits, EngineOptions.none(), List.of());
        return machines.create(plan, Progress.silent()).name();
    }

    String shell(MachineName machine, String command) throws IOException {
        var result = machines.execute(machine, List.of("/bin/sh", "-c", command));
        return (result.output() + result.errors()).strip();
    }

    @Override
    public void close() throws IOException {
        for (var name : machines.names()) {
            machines.remove(name);
        }
        Files.deleteIfExists(storage);
        Traces.noGroups(site.key());
    }
}
