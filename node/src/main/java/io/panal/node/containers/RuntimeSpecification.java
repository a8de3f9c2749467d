package io.panal.node.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The OCI runtime specification of a container: what runc gets to read. The defaults are docker's.
///
/// Source: opencontainers/runtime-spec 1.0, `config.md` and `config-linux.md`; moby `oci/defaults.go` for the values.
///
/// @param directory of the container's own files, which are mounted over `/etc/hosts` and its like
/// @param cgroup    absolute path below the control groups' root
record RuntimeSpecification(ContainerPlan plan, RuntimeProcess process, HostFacts host, Path directory, String cgroup) {
    /// Character devices that every container may use, `major:minor`: null, zero, full, random, urandom, tty, console.
    private static final List<String> USABLE = List.of("1:3", "1:5", "1:7", "1:8", "1:9", "5:0", "5:1");

    private static final long CPU_PERIOD_MICROS = 100_000;
    private static final long NANOS_PER_CORE = 1_000_000_000;

    byte[] json() throws IOException {
        var root = JsonMapper.shared().createObjectNode();
        root.put("ociVersion", "1.0.2");
        root.set("process", process.json());
        root.putObject("root").put("path", "rootfs").put("readonly", security().readOnly());
        root.put("hostname", plan.host().names().hostname());
        mounts(root.putArray("mounts"));
        linux(root.putObject("linux"));
        return JsonMapper.shared().writeValueAsBytes(root);
    }

    private SecurityPlan security() {
        return plan.host().security();
    }

    static void strings(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    private void mounts(ArrayNode mounts) {
        var access = security().privileged() ? "rw" : "ro";
        mount(mounts, "/proc", "proc", "proc", List.of("nosuid", "noexec", "nodev"));
        mount(mounts, "/dev", "tmpfs", "tmpfs", List.of("nosuid", "strictatime", "mode=755", "size=65536k"));
        mount(
                mounts,
                "/dev/pts",
                "devpts",
                "devpts",
                List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"));
        mount(mounts, "/sys", "sysfs", "sysfs", List.of("nosuid", "noexec", "nodev", access));
        mount(mounts, "/sys/fs/cgroup", "cgroup", "cgroup", List.of(access, "nosuid", "noexec", "nodev"));
        mount(mounts, "/dev/mqueue", "mqueue", "mqueue", List.of("nosuid", "noexec", "nodev"));
        var size = "size=" + plan.host().limits().sharedMemoryBytes();
        mount(mounts, "/dev/shm", "tmpfs", "shm", List.of("nosuid", "noexec", "nodev", "mode=1777", size));
        for (var file : HostFiles.NAMES) {
            mount(
                    mounts,
                    "/etc/" + file,
                    "bind",
                    directory.resolve(file).toString(),
                    List.of("rbind", "rprivate", security().readOnly() ? "ro" : "rw"));
        }
        // A mount below another must come after it.
        plan.mounts().stream()
                .sorted(Comparator.comparingInt(mount -> Path.of(mount.target()).getNameCount()))
                .forEach(mount -> mount(mounts, mount));
        if (plan.host().init()) {
            mount(mounts, InitProgram.INSIDE, "bind", InitProgram.path(), List.of("bind", "ro"));
        }
    }

    private static void mount(ArrayNode mounts, MountPlan plan) {
        switch (plan) {
            case MountPlan.Bind bind ->
                bind(
                        mounts,
                        bind.source(),
                        bind.target(),
                        bind.readOnly(),
                        bind.propagation().isEmpty() ? "rprivate" : bind.propagation());
            case MountPlan.Volume volume ->
                bind(mounts, volume.source(), volume.target(), volume.readOnly(), "rprivate");
            case MountPlan.Memory(var target, var sizeBytes, var mode) -> {
                var permissions = "mode=" + Integer.toOctalString(mode == 0 ? 01777 : mode);
                var options = mount(mounts, target, "tmpfs", "tmpfs", List.of("nosuid", "nodev", "noexec"));
                options.add(permissions);
                if (sizeBytes > 0) {
                    options.add("size=" + sizeBytes);
                }
            }
        }
    }

    private static void bind(ArrayNode mounts, String source, String target, boolean readOnly, String propagation) {
        mount(mounts, target, "bind", source, List.of("rbind", readOnly ? "ro" : "rw", propagation));
    }

    private static ArrayNode mount(ArrayNode mounts, String target, String type, String source, List<String> options) {
        var mount = mounts.addObject();
        mount.put("destination", target).put("type", type).put("source", source);
        var array = mount.putArray("options");
        strings(array, options);
        return array;
    }

    private void linux(ObjectNode linux) throws IOException {
        linux.put("cgroupsPath", cgroup);
        var namespaces = linux.putArray("namespaces");
        for (var kind : List.of("pid", "ipc", "uts", "mount")) {
            namespaces.addObject().put("type", kind);
        }
        if (host.unified()) {
            namespaces.addObject().put("type", "cgroup");
        }
        var sysctls = linux.putObject("sysctl");
        switch (plan.host().network()) {
            case NetworkPlan.Isolated _ -> namespaces.addObject().put("type", "network");
            case NetworkPlan.Joined(var path) ->
                namespaces.addObject().put("type", "network").put("path", path);
            case NetworkPlan.Host _ -> {}
        }
        if (!(plan.host().network() instanceof NetworkPlan.Host)) {
            // Any user may listen below 1024 and ping: docker's default since 20.10.
            sysctls.put("net.ipv4.ip_unprivileged_port_start", "0");
            sysctls.put("net.ipv4.ping_group_range", "0 2147483647");
        }
        if (!plan.host().names().domain().isEmpty()) {
            sysctls.put("kernel.domainname", plan.host().names().domain());
        }
        security().sysctls().forEach(sysctls::put);
        resources(linux.putObject("resources"));
        if (security().privileged()) {
            devices(linux.putArray("devices"));
            return;
        }
        strings(linux.putArray("maskedPaths"), SecurityPlan.MASKED);
        strings(linux.putArray("readonlyPaths"), SecurityPlan.READ_ONLY);
        if (security().seccomp()) {
            linux.set("seccomp", SeccompProfile.forCapabilities(process.capabilities()));
        }
    }

    private static void devices(ArrayNode devices) throws IOException {
        for (var device : HostFacts.devices()) {
            devices.addObject()
                    .put("path", device.path())
                    .put("type", String.valueOf(device.type()))
                    .put("major", device.major())
                    .put("minor", device.minor())
                    .put("fileMode", device.mode());
        }
    }

    private void resources(ObjectNode resources) {
        var devices = resources.putArray("devices");
        devices.addObject().put("allow", security().privileged()).put("access", "rwm");
        if (!security().privileged()) {
            for (var device : USABLE) {
                int colon = device.indexOf(':');
                devices.addObject()
                        .put("allow", true)
                        .put("type", "c")
                        .put("major", Long.parseLong(device.substring(0, colon)))
                        .put("minor", Long.parseLong(device.substring(colon + 1)))
                        .put("access", "rwm");
            }
        }
        limits(resources, plan.host().limits(), host);
    }

    /// The limits alone, as a running container is given new ones.
    static ObjectNode limits(Limits limits, HostFacts host) {
        var resources = JsonMapper.shared().createObjectNode();
        limits(resources, limits, host);
        return resources;
    }

    private static void limits(ObjectNode resources, Limits limits, HostFacts host) {
        if (limits.memoryBytes() > 0) {
            var memory = resources.putObject("memory").put("limit", limits.memoryBytes());
            if (host.swapLimited()) {
                // As much swap again: docker's default.
                memory.put("swap", 2 * limits.memoryBytes());
            }
        }
        if (limits.nanoCpus() > 0) {
            resources
                    .putObject("cpu")
                    .put("period", CPU_PERIOD_MICROS)
                    .put("quota", limits.nanoCpus() * CPU_PERIOD_MICROS / NANOS_PER_CORE);
        }
        if (limits.pids() > 0) {
            resources.putObject("pids").put("limit", limits.pids());
        }
    }

    /// What is wrong with the plan's mounts, before runc says it less clearly.
    static Optional<String> mistake(ContainerPlan plan) {
        for (var mount : plan.mounts()) {
            if (!mount.target().startsWith("/")) {
                return Optional.of("invalid mount config: mount path must be absolute: " + mount.target());
            }
            if (mount instanceof MountPlan.Bind bind && !Files.exists(Path.of(bind.source()))) {
                return Optional.of(
                        "invalid mount config for type \"bind\": bind source path does not exist: " + bind.source());
            }
        }
        return Optional.empty();
    }
}
