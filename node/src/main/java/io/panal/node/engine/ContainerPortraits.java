package io.panal.node.engine;

import io.panal.core.codec.Codec;
import io.panal.images.reference.InvalidReferenceException;
import io.panal.images.reference.Reference;
import io.panal.node.containers.Container;
import io.panal.node.containers.ContainerPlan;
import io.panal.node.containers.ContainerState;
import io.panal.node.containers.Containers;
import io.panal.node.containers.ContainersException;
import io.panal.node.containers.ImageConfiguration;
import io.panal.node.containers.MountPlan;
import io.panal.node.containers.ProcessPlan;
import io.panal.node.containers.StoredImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Containers as the Engine API shows them (Docker 20.10 and 28).
final class ContainerPortraits {
    private static final String ZERO_TIME = "0001-01-01T00:00:00Z";

    private final Containers containers;
    private final AttachedNetworks networks;
    private final RestartTurns restarts;
    private final Clock clock;

    ContainerPortraits(Containers containers, AttachedNetworks networks, RestartTurns restarts, Clock clock) {
        this.restarts = restarts;
        this.containers = containers;
        this.networks = networks;
        this.clock = clock;
    }

    /// created, running, paused or exited.
    static String status(ContainerState state) {
        return switch (state) {
            case ContainerState.Created _ -> "created";
            case ContainerState.Running running -> running.paused() ? "paused" : "running";
            case ContainerState.Exited _ -> "exited";
        };
    }

    private String statusLine(Container container) {
        return switch (container.state()) {
            case ContainerState.Created _ -> "Created";
            case ContainerState.Running running ->
                "Up " + since(running.startedAt())
                        + (running.paused() ? " (Paused)" : ContainerHealth.suffix(container));
            case ContainerState.Exited exited ->
                "%s (%d) %s ago"
                        .formatted(
                                isRestarting(container) ? "Restarting" : "Exited",
                                exited.code(),
                                since(exited.finishedAt()));
        };
    }

    /// Whether it ended and is started again soon.
    boolean isRestarting(Container container) {
        return container.state() instanceof ContainerState.Exited
                && restarts.of(container.id()).pending();
    }

    private String since(Instant at) {
        return Durations.human(Duration.between(at, clock.instant()));
    }

    /// The image as a user would write it.
    static String familiar(String image) {
        try {
            Reference reference = Reference.parse(image);
            return reference.familiar();
        } catch (InvalidReferenceException digest) {
            return image;
        }
    }

    private Optional<StoredImage> image(Container container) throws ContainersException {
        return containers.images().find(container.plan().image());
    }

    /// What runs, program first.
    private List<String> command(Container container) throws ContainersException {
        ProcessPlan process = container.plan().process();
        Optional<ImageConfiguration.ImageProcess> image =
                image(container).map(stored -> stored.configuration().process());
        List<String> command = new ArrayList<>(process.entrypoint()
                .orElseGet(() -> image.map(own -> own.entrypoint()).orElse(List.of())));
        boolean forgotten = process.entrypoint().isPresent();
        command.addAll(process.command()
                .orElseGet(() ->
                        forgotten ? List.of() : image.map(own -> own.command()).orElse(List.of())));
        return command;
    }

    /// One of `GET /containers/json`.
    ObjectNode listed(Container container) throws ContainersException {
        ContainerDetails details = ContainerDetails.of(container);
        ObjectNode node = Replies.object();
        node.put("Id", container.id());
        node.putArray("Names").add("/" + container.plan().name());
        node.put("Image", ContainerDetails.image(container));
        node.put("ImageID", imageId(container));
        node.put("Command", String.join(" ", command(container)));
        node.put("Created", container.createdAt().getEpochSecond());
        node.set("Ports", ports(container, details).listed());
        node.set("Labels", Codec.JSON.tree(container.plan().labels()));
        node.put("State", isRestarting(container) ? "restarting" : status(container.state()));
        node.put("Status", statusLine(container));
        node.putObject("HostConfig").put("NetworkMode", details.networkMode());
        node.putObject("NetworkSettings").set("Networks", networks.shown(container, details));
        node.set("Mounts", mounts(container.plan(), details));
        return node;
    }

    private String imageId(Container container) throws ContainersException {
        return image(container).map(stored -> stored.configuration().id()).orElse(container.image());
    }

    /// Adds the bytes that it has written, and those of its image with them.
    void measure(ObjectNode node, Container container) throws IOException {
        long written = containers.writtenBytes(container.id());
        Optional<StoredImage> image = image(container);
        node.put("SizeRw", written);
        node.put(
                "SizeRootFs", written + (image.isPresent() ? containers.images().unpackedBytes(image.get()) : 0));
    }

    private ContainerPorts ports(Container container, ContainerDetails details) throws ContainersException {
        List<String> ofImage =
                image(container).map(stored -> stored.configuration().ports()).orElse(List.of());
        return ContainerPorts.of(container, details, ofImage, networks.publishedOn(details));
    }

    /// Of a task those that its service names: its secrets and configs are files of the swarm, and not shown.
    private static ArrayNode mounts(ContainerPlan plan, ContainerDetails details) {
        ArrayNode mounts = Replies.object().putArray("Mounts");
        Set<String> named = details.hostConfig()
                .path("Mounts")
                .valueStream()
                .map(mount -> mount.path("Target").asString(""))
                .collect(Collectors.toSet());
        boolean isNew = details.task().has("HostConfig");
        for (MountPlan mount : plan.mounts()) {
            if (isNew && !named.contains(mount.target())) {
                continue;
            }
            ObjectNode node = mounts.addObject();
            switch (mount) {
                case MountPlan.Bind bind -> {
                    node.put("Type", "bind");
                    node.put("Source", bind.source());
                    node.put("Destination", bind.target());
                    node.put("Mode", bind.readOnly() && !named.contains(bind.target()) ? "ro" : "");
                    node.put("RW", !bind.readOnly());
                    node.put("Propagation", bind.propagation().isEmpty() ? "rprivate" : bind.propagation());
                }
                case MountPlan.Volume volume -> {
                    node.put("Type", "volume");
                    node.put("Name", Volumes.nameOf(Path.of(volume.source())));
                    node.put("Source", volume.source());
                    node.put("Destination", volume.target());
                    node.put("Driver", "local");
                    node.put("Mode", "z");
                    node.put("RW", !volume.readOnly());
                    node.put("Propagation", "");
                }
                case MountPlan.Memory memory -> {
                    node.put("Type", "tmpfs");
                    node.put("Source", "");
                    node.put("Destination", memory.target());
                    node.put("Mode", "");
                    node.put("RW", true);
                    node.put("Propagation", "");
                }
            }
        }
        return mounts;
    }

    /// `GET /containers/X/json`.
    ObjectNode inspected(Container container, List<String> executions) throws ContainersException {
        ContainerDetails details = ContainerDetails.of(container);
        List<String> command = command(container);
        ObjectNode node = Replies.object();
        node.put("Id", container.id());
        node.set("Created", Codec.JSON.tree(container.createdAt()));
        node.put("Path", command.isEmpty() ? "" : command.getFirst());
        node.set("Args", Codec.JSON.tree(command.stream().skip(1).toList()));
        ObjectNode state = state(container.state());
        if (isRestarting(container)) {
            state.put("Status", "restarting").put("Running", true).put("Restarting", true);
        }
        container.health().ifPresent(health -> state.set("Health", ContainerHealth.shown(health)));
        node.set("State", state);
        node.put("Image", imageId(container));
        Path log = containers.logPath(container.id());
        String folder = String.valueOf(log.getParent());
        node.put("ResolvConfPath", folder + "/resolv.conf");
        node.put("HostnamePath", folder + "/hostname");
        node.put("HostsPath", folder + "/hosts");
        node.put("LogPath", log.toString());
        node.put("Name", "/" + container.plan().name());
        node.put("RestartCount", restarts.of(container.id()).count());
        node.put("Driver", "overlayfs");
        node.put("Platform", "linux");
        node.put("MountLabel", "");
        node.put("ProcessLabel", "");
        node.put("AppArmorProfile", "");
        node.set("ExecIDs", executions.isEmpty() ? Codec.JSON.tree(Optional.empty()) : Codec.JSON.tree(executions));
        node.set("HostConfig", HostConfigs.shown(container.plan(), details));
        ObjectNode driver = node.putObject("GraphDriver");
        driver.putObject("Data");
        driver.put("Name", "overlayfs");
        node.set("Mounts", mounts(container.plan(), details));
        node.set("Config", config(container, details));
        ObjectNode network = node.putObject("NetworkSettings");
        network.put("Bridge", "");
        network.put("SandboxID", networks.sandboxId(container));
        network.put("SandboxKey", networks.namespace(container));
        network.set("Ports", ports(container, details).inspected());
        network.put("HairpinMode", false);
        network.put("LinkLocalIPv6Address", "");
        network.put("LinkLocalIPv6PrefixLen", 0);
        network.putNull("SecondaryIPAddresses");
        network.putNull("SecondaryIPv6Addresses");
        networks.describeDefault(network, container);
        network.set("Networks", networks.shown(container, details));
        return node;
    }

    private static ObjectNode state(ContainerState state) {
        ObjectNode node = Replies.object();
        node.put("Status", status(state));
        node.put("Running", state.isRunning());
        node.put("Paused", state instanceof ContainerState.Running running && running.paused());
        node.put("Restarting", false);
        node.put("OOMKilled", state instanceof ContainerState.Exited exited && exited.outOfMemory());
        node.put("Dead", false);
        switch (state) {
            case ContainerState.Created created -> end(node, 0, created.code(), created.error(), ZERO_TIME, ZERO_TIME);
            case ContainerState.Running running ->
                end(node, running.pid(), 0, "", running.startedAt().toString(), ZERO_TIME);
            case ContainerState.Exited exited ->
                end(
                        node,
                        0,
                        exited.code(),
                        exited.error().orElse(""),
                        exited.startedAt().toString(),
                        exited.finishedAt().toString());
        }
        return node;
    }

    private static void end(ObjectNode node, int pid, int code, String error, String started, String finished) {
        node.put("Pid", pid);
        node.put("ExitCode", code);
        node.put("Error", error);
        node.put("StartedAt", started);
        node.put("FinishedAt", finished);
    }

    private ObjectNode config(Container container, ContainerDetails details) throws ContainersException {
        ContainerPlan plan = container.plan();
        Optional<ImageConfiguration> image = image(container).map(StoredImage::configuration);
        ObjectNode node = Replies.object();
        node.put("Hostname", plan.host().names().hostname());
        node.put("Domainname", plan.host().names().domain());
        node.put(
                "User",
                plan.process()
                        .user()
                        .orElse(image.map(own -> own.process().user()).orElse("")));
        for (String stream : List.of("AttachStdin", "AttachStdout", "AttachStderr")) {
            node.put(stream, details.config().path(stream).asBoolean(false));
        }
        ObjectNode exposed = exposed(details, image);
        if (!exposed.isEmpty()) {
            node.set("ExposedPorts", exposed);
        }
        node.put("Tty", plan.process().terminal());
        node.put("OpenStdin", plan.process().stdin());
        node.put("StdinOnce", details.isStdinOnce());
        node.set("Env", Codec.JSON.tree(environment(plan, image)));
        node.set(
                "Cmd",
                Codec.JSON.tree(plan.process()
                        .command()
                        .or(() -> plan.process().entrypoint().isPresent()
                                ? Optional.empty()
                                : image.map(own -> own.process().command()))));
        node.put("Image", ContainerDetails.image(container));
        ObjectNode volumes = volumes(details, image);
        node.set("Volumes", volumes.isEmpty() ? JsonNodeFactory.instance.nullNode() : volumes);
        node.put(
                "WorkingDir",
                plan.process()
                        .directory()
                        .orElse(image.map(own -> own.process().directory()).orElse("")));
        node.set(
                "Entrypoint",
                Codec.JSON.tree(plan.process()
                        .entrypoint()
                        .or(() -> image.map(own -> own.process().entrypoint()).filter(own -> !own.isEmpty()))));
        node.putNull("OnBuild");
        node.set("Labels", Codec.JSON.tree(new TreeMap<>(plan.labels())));
        for (String asked : List.of("StopSignal", "StopTimeout")) {
            JsonNode value = details.config().path(asked);
            if (!value.asString("").isEmpty()) {
                node.set(asked, value.deepCopy());
            }
        }
        plan.host().health().ifPresent(health -> node.set("Healthcheck", ContainerHealth.shown(health)));
        return node;
    }

    /// Those without a name that its image or its user wants.
    private static ObjectNode volumes(ContainerDetails details, Optional<ImageConfiguration> image) {
        ObjectNode volumes = Replies.object();
        image.ifPresent(own -> own.volumes().forEach(volumes::putObject));
        details.config().path("Volumes").properties().forEach(volume -> volumes.putObject(volume.getKey()));
        return volumes;
    }

    private static ObjectNode exposed(ContainerDetails details, Optional<ImageConfiguration> image) {
        ObjectNode exposed = Replies.object();
        image.ifPresent(own -> own.ports().forEach(exposed::putObject));
        details.config().path("ExposedPorts").properties().forEach(port -> exposed.putObject(port.getKey()));
        details.task().path("ExposedPorts").properties().forEach(port -> exposed.putObject(port.getKey()));
        return exposed;
    }

    private static List<String> environment(ContainerPlan plan, Optional<ImageConfiguration> image) {
        Map<String, String> environment = new LinkedHashMap<>();
        List<String> all = new ArrayList<>(plan.process().environment());
        all.addAll(image.map(own -> own.process().environment()).orElse(List.of()));
        for (String pair : all) {
            environment.putIfAbsent(pair.split("=", 2)[0], pair);
        }
        return environment.values().stream()
                .filter(pair -> pair.indexOf('=') > 0)
                .toList();
    }
}
