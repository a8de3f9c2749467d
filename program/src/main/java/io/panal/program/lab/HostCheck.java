package io.panal.program.lab;

import io.panal.cli.command.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Whether this host can carry machines; what it lacks is said with what to do.
final class HostCheck {
    private static final Path CGROUP = Path.of("/sys/fs/cgroup");
    private static final List<String> CONTROLLERS = List.of("cpu", "memory", "pids");
    private static final List<String> COMMANDS = List.of("containerd", "runc", "nft", "ip", "mount", "nsenter");

    private HostCheck() {}

    static void require() throws Failure, IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            throw Failure.because("the lab makes hosts out of namespaces, which only root may do: sudo ./panal lab");
        }
        List<String> lacks = new ArrayList<>();
        boolean hasGroups = Files.exists(CGROUP.resolve("cgroup.controllers"))
                || Stream.of("freezer", "memory", "pids").anyMatch(name -> Files.isDirectory(CGROUP.resolve(name)));
        if (!hasGroups) {
            lacks.add(
                    "control groups at %s: mount them (mount -t cgroup2 cgroup2 %s, or apt-get install cgroupfs-mount)"
                            .formatted(CGROUP, CGROUP));
        }
        for (String controller : CONTROLLERS) {
            if (hasGroups && !hasController(controller)) {
                lacks.add("the cgroup controller %s: switch it on (on a kernel command line: cgroup_enable=%s)"
                        .formatted(controller, controller));
            }
        }
        for (String command : COMMANDS) {
            if (Stream.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
                    .noneMatch(place -> Files.isExecutable(Path.of(place, command)))) {
                lacks.add("the command %s: apt-get install containerd runc nftables iproute2 util-linux"
                        .formatted(command));
            }
        }
        if (!lacks.isEmpty()) {
            throw Failure.because("this host lacks\n  " + String.join("\n  ", lacks));
        }
    }

    private static boolean hasController(String controller) throws IOException {
        Path unified = CGROUP.resolve("cgroup.controllers");
        return Files.exists(unified)
                ? List.of(Files.readString(unified).strip().split(" ", -1)).contains(controller)
                : Files.isDirectory(CGROUP.resolve(controller));
    }
}
