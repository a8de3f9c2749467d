package io.panal.machines.host;

import static io.panal.machines.store.Json.object;

import io.panal.machines.model.Limits;
import io.panal.machines.model.Machine;
import io.panal.machines.model.MachineName;
import io.panal.machines.model.Site;
import io.panal.machines.store.Folder;
import io.panal.machines.store.Json;
import io.panal.machines.store.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The machine as an OCI bundle: runc makes the namespaces, mounts and control groups that its configuration names.
final class Bundle {
    /// Where the machine's first process finds its script.
    private static final String INIT = "/run/panal-init";
    private static final String SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    /// Where the engine's certificates lie in the machine, as docker-machine has them in `/etc/docker`.
    private static final String CERTIFICATES = "/run/panal-tls";
    private static final long PERIOD_MICROSECONDS = 100_000;
    private static final long FEWEST_MICROSECONDS = 1_000;

    private final Site site;
    private final Machine machine;
    private final Folder folder;

    Bundle(Site site, Machine machine, Folder folder) {
        this.site = site;
        this.machine = machine;
        this.folder = folder;
    }

    /// The control group's path below the root of each hierarchy.
    static String group(Site site, MachineName name) {
        return "/%s/%s".formatted(site.key(), name);
    }

    void write() throws IOException {
        Files.createDirectories(folder.bundle());
        Storage.writeWhole(folder.bundle().resolve("init"), InitScript.text());
        Storage.writeWhole(folder.bundle().resolve("config.json"), Json.pretty(configuration()) + "\n");
    }

    private Map<String, Object> configuration() throws IOException {
        var capabilities = Capabilities.own();
        return object(
                "ociVersion", "1.0.2",
                "hostname", machine.name().text(),
                "root", object("path", folder.root().toString(), "readonly", false),
                "process",
                        object(
                                "terminal", false,
                                "user", object("uid", 0, "gid", 0),
                                "args", command(),
                                "env", environment(),
                                "cwd", "/",
                                "noNewPrivileges", false,
                                "capabilities",
                                        object(
                                                "bounding", capabilities,
                                                "effective", capabilities,
                                                "permitted", capabilities)),
                "mounts", mounts(),
                "linux",
                        object(
                                "cgroupsPath", group(site, machine.name()),
                                "namespaces",
                                        Stream.of("pid", "network", "ipc", "uts", "mount", "cgroup")
                                                .map(type -> object("type", type))
                                                .toList(),
                                "resources", resources(machine.plan().limits()),
                                "devices", devices()));
    }

    private List<String> command() {
        var command = new ArrayList<>(List.of("/bin/sh", INIT));
        command.addAll(site.daemon());
        command.addAll(List.of(
                "--host",
                "unix:///run/panal/docker.sock",
                "--host",
                "tcp://0.0.0.0:" + Machine.ENGINE_PORT,
                "--tlsverify",
                "--tlscacert",
                CERTIFICATES + "/ca.pem",
                "--tlscert",
                CERTIFICATES + "/server.pem",
                "--tlskey",
                CERTIFICATES + "/server-key.pem",
                "--data-root",
                "/var/lib/panal",
                "--exec-root",
                "/run/panal"));
        command.addAll(machine.plan().engine().arguments());
        return command;
    }

    private List<String> environment() {
        var variables = new LinkedHashMap<String, String>();
        variables.put("PATH", SEARCH_PATH);
        variables.put("HOME", "/root");
        variables.put("LANG", "C.UTF-8");
        variables.put("container", "panal");
        variables.putAll(site.environment());
        var environment = new ArrayList<String>();
        variables.forEach((name, value) -> environment.add(name + "=" + value));
        environment.addAll(machine.plan().engine().environment());
        return environment;
    }

    private List<Object> mounts() throws IOException {
        var mounts = new ArrayList<>();
        mounts.add(mount("/proc", "proc", "proc", List.of()));
        mounts.add(mount("/dev", "tmpfs", "tmpfs", List.of("nosuid", "mode=755", "size=65536k")));
        mounts.add(mount(
                "/dev/pts",
                "devpts",
                "devpts",
                List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5")));
        mounts.add(mount("/dev/shm", "tmpfs", "shm", List.of("nosuid", "nodev", "mode=1777")));
        mounts.add(mount("/dev/mqueue", "mqueue", "mqueue", List.of("nosuid", "noexec", "nodev")));
        mounts.add(mount("/sys", "sysfs", "sysfs", List.of("nosuid", "noexec", "nodev")));
        mounts.add(mount("/sys/fs/cgroup", "cgroup", "cgroup", List.of("nosuid", "noexec", "nodev", "rw")));
        mounts.add(mount("/run", "tmpfs", "tmpfs", List.of("nosuid", "nodev", "mode=755")));
        mounts.add(mount("/tmp", "tmpfs", "tmpfs", List.of("nosuid", "nodev", "mode=1777")));
        mounts.add(bind(folder.data(), "/var/lib/panal", "rw"));
        mounts.add(bind(folder.log(), "/var/log/panal.log", "rw"));
        mounts.add(bind(folder.bundle().resolve("init"), INIT, "ro"));
        for (var file : HostFiles.NAMES) {
            mounts.add(bind(folder.given().resolve(file), "/etc/" + file, "rw"));
        }
        for (var file : List.of("ca.pem", "server.pem", "server-key.pem")) {
            mounts.add(bind(folder.path().resolve(file), CERTIFICATES + "/" + file, "ro"));
        }
        for (var path : Mounts.current().toBind(site.visible(), site.storage())) {
            mounts.add(bind(path, path.toString(), "ro"));
        }
        return mounts;
    }

    private static Map<String, Object> bind(Path source, String destination, String access) {
        return mount(destination, "bind", source.toString(), List.of("rbind", access));
    }

    private static Map<String, Object> mount(String destination, String type, String source, List<String> options) {
        return object("destination", destination, "type", type, "source", source, "options", options);
    }

    private static Map<String, Object> resources(Limits limits) {
        var resources = object("devices", List.of(object("allow", true, "access", "rwm")));
        if (limits.memoryBytes() > 0) {
            resources.put("memory", object("limit", limits.memoryBytes()));
        }
        if (limits.nanoCpus() > 0) {
            var quota = Math.max(limits.nanoCpus() / (1_000_000_000 / PERIOD_MICROSECONDS), FEWEST_MICROSECONDS);
            resources.put("cpu", object("quota", quota, "period", PERIOD_MICROSECONDS));
        }
        return resources;
    }

    /// Beside the terminal and the null-like ones, which runc makes: the kernel's log, FUSE and tunnels.
    private static List<Object> devices() {
        var devices = new ArrayList<>();
        devices.add(device("/dev/kmsg", 1, 11));
        devices.add(device("/dev/fuse", 10, 229));
        devices.add(device("/dev/net/tun", 10, 200));
        return devices;
    }

    private static Map<String, Object> device(String path, int major, int minor) {
        return object("path", path, "type", "c", "major", major, "minor", minor, "fileMode", 0600, "uid", 0, "gid", 0);
    }
}
