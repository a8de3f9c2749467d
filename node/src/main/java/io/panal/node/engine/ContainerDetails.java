package io.panal.node.engine;

import io.panal.core.codec.Codec;
import io.panal.node.containers.Container;
import io.panal.node.containers.NetworkPlan;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a client asked for when it made a container, kept with it: `{"Config": ..., "HostConfig": ..., "Image": ...}`.
///
/// Of a container of a task only the image as its service names it.
record ContainerDetails(ObjectNode config, ObjectNode hostConfig) {
    static ContainerDetails of(Container container) {
        String text = container.plan().details();
        if (!text.startsWith("{")) {
            return new ContainerDetails(
                    Replies.object(), ofTask(container.plan().host().network()));
        }
        try {
            JsonNode tree = Codec.JSON.parse(text.getBytes(StandardCharsets.UTF_8));
            return new ContainerDetails(child(tree, "Config"), child(tree, "HostConfig"));
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
