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
/// Of a container of a task only the image as its service names it.
///
/// @param networks of this host that it is on, its settings by their names
record ContainerDetails(ObjectNode config, ObjectNode hostConfig, ObjectNode networks) {
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
        if (!text.startsWith("{")) {
            return new ContainerDetails(
                    Replies.object(), ofTask(container.plan().host().network()));
        }
        try {
            JsonNode tree = Codec.JSON.parse(text.getBytes(StandardCharsets.UTF_8));
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
        String text = container.plan().details();
        boolean task = !text.isEmpty() && !text.startsWith("{");
        String asked = task ? text : of(container).config().path("Image").asString("");
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
