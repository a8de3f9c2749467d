package io.panal.node.engine;

import io.panal.core.codec.Codec;
import io.panal.node.containers.Container;
import io.panal.node.containers.NamesPlan;
import io.panal.node.containers.NetworkPlan;
import io.panal.node.networks.LocalNetwork;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a client asked for when it made a container, kept with it, as an object of `Config`, `HostConfig` and
/// `Networks`.
///
/// Of a container of a task what its service says of it, as an object `Task` of `Image`, `ExposedPorts`,
/// `HostConfig` and `Networks`; then `config` is empty.
///
/// @param networks of this host that it is on, its settings by their names
/// @param task empty for a container that a user runs by itself
record ContainerDetails(ObjectNode config, ObjectNode hostConfig, ObjectNode networks, ObjectNode task) {
    /// A network of the swarm that a task is on.
    ///
    /// @param asked as the API shows its settings
    record TaskNetwork(String id, String name, ObjectNode asked) {}

    /// Of a container that a user runs by itself.
    ContainerDetails(ObjectNode config, ObjectNode hostConfig, ObjectNode networks) {
        this(config, hostConfig, networks, Replies.object());
    }

    List<TaskNetwork> taskNetworks() {
        return task.path("Networks").properties().stream()
                .filter(entry -> entry.getValue() instanceof ObjectNode)
                .map(entry -> new TaskNetwork(
                        entry.getValue().path("NetworkID").asString(""),
                        entry.getKey(),
                        entry.getValue() instanceof ObjectNode own ? own : Replies.object()))
                .toList();
    }

    /// With the networks that its mode means.
    ContainerDetails(ObjectNode config, ObjectNode hostConfig) {
        this(config, hostConfig, Replies.object());
        if (!config.isEmpty() && isOnBridges()) {
            networks.putObject(network());
        }
    }

    /// The network that its mode names.
    private String network() {
        String mode = networkMode();
        return mode.equals("default") ? LocalNetwork.DEFAULT : mode;
    }

    /// Whether it is, or can be, on networks of this host: not one that shares a namespace, or has none to share.
    boolean isOnBridges() {
        String mode = networkMode();
        return !config.isEmpty() && !mode.equals("host") && !mode.equals("none") && !mode.startsWith("container:");
    }

    List<EndpointSettings> endpoints() {
        return networks.properties().stream()
                .map(entry -> new EndpointSettings(
                        entry.getKey(), entry.getValue() instanceof ObjectNode asked ? asked : Replies.object()))
                .toList();
    }

    /// On one network more, or on one with other settings.
    ContainerDetails connected(String network, ObjectNode settings) {
        ObjectNode next = networks.deepCopy();
        next.set(network, settings);
        return new ContainerDetails(config, hostConfig, next);
    }

    ContainerDetails disconnected(String network) {
        ObjectNode next = networks.deepCopy();
        next.remove(network);
        return new ContainerDetails(config, hostConfig, next);
    }

    /// What its user said of names.
    NamesPlan names(NamesPlan now) {
        return new NamesPlan(
                now.hostname(),
                now.domain(),
                ContainerCreation.hosts(hostConfig.path("ExtraHosts")),
                ContainerCreation.texts(hostConfig.path("Dns")),
                ContainerCreation.texts(hostConfig.path("DnsSearch")),
                ContainerCreation.texts(hostConfig.path("DnsOptions")));
    }

    static ContainerDetails of(Container container) {
        String text = container.plan().details();
        ObjectNode ofMode = ofTask(container.plan().host().network());
        if (!text.startsWith("{")) {
            return new ContainerDetails(
                    Replies.object(),
                    ofMode,
                    Replies.object(),
                    text.isEmpty() ? Replies.object() : Replies.object().put("Image", text));
        }
        try {
            JsonNode tree = Codec.JSON.parse(text.getBytes(StandardCharsets.UTF_8));
            if (tree.path("Task") instanceof ObjectNode task) {
                ObjectNode host = child(task, "HostConfig");
                host.setAll(ofMode);
                return new ContainerDetails(Replies.object(), host, Replies.object(), task);
            }
            return tree.has("Networks")
                    ? new ContainerDetails(child(tree, "Config"), child(tree, "HostConfig"), child(tree, "Networks"))
                    : new ContainerDetails(child(tree, "Config"), child(tree, "HostConfig"));
        } catch (Codec.Malformed notOurs) {
            return new ContainerDetails(Replies.object(), Replies.object());
        }
    }

    private static ObjectNode ofTask(NetworkPlan network) {
        return switch (network) {
            case NetworkPlan.Host _ -> Replies.object().put("NetworkMode", "host");
            case NetworkPlan.Isolated _, NetworkPlan.Joined _ -> Replies.object();
        };
    }

    private static ObjectNode child(JsonNode tree, String key) {
        return tree.path(key) instanceof ObjectNode object ? object : Replies.object();
    }

    String text() {
        ObjectNode tree = Replies.object();
        tree.set("Config", config);
        tree.set("HostConfig", hostConfig);
        tree.set("Networks", networks);
        return tree.toString();
    }

    /// The image as a user would write it.
    static String image(Container container) {
        ContainerDetails own = of(container);
        String asked =
                (own.task().isEmpty() ? own.config() : own.task()).path("Image").asString("");
        return asked.isEmpty() ? ContainerPortraits.familiar(container.plan().image()) : asked;
    }

    boolean isAutoRemoved() {
        return hostConfig.path("AutoRemove").asBoolean(false);
    }

    boolean isStdinOnce() {
        return config.path("StdinOnce").asBoolean(false);
    }

    String networkMode() {
        String mode = hostConfig.path("NetworkMode").asString("");
        return mode.isEmpty() ? "default" : mode;
    }
}
