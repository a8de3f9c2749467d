package io.panal.node.engine;

import io.panal.core.api.ClusterEvent;
import io.panal.core.codec.Codec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One line of `docker events`.
///
/// @param type container, image, network, volume, service, node, secret or config
/// @param scope local or swarm
record EngineEvent(String type, String action, String id, Map<String, String> attributes, String scope, Instant at) {
    EngineEvent {
        attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
    }

    static EngineEvent of(ClusterEvent event) {
        return new EngineEvent(event.type(), event.action(), event.id(), event.attributes(), "swarm", event.at());
    }

    /// That what nobody used of a kind is gone.
    ///
    /// @param bytes that its files had
    static EngineEvent pruned(String type, long bytes) {
        return new EngineEvent(type, "prune", "", Map.of("reclaimed", String.valueOf(bytes)), "local", Instant.now());
    }

    /// With the line's end. Containers also have the fields of old clients.
    byte[] line() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        if (type.equals("container") || type.equals("image")) {
            node.put("status", action);
            node.put("id", id);
            if (type.equals("container")) {
                node.put("from", attributes.getOrDefault("image", ""));
            }
        }
        node.put("Type", type);
        node.put("Action", action);
        ObjectNode actor = node.putObject("Actor");
        actor.put("ID", id);
        actor.set("Attributes", Codec.JSON.tree(attributes));
        node.put("scope", scope);
        node.put("time", at.getEpochSecond());
        node.put("timeNano", at.getEpochSecond() * 1_000_000_000L + at.getNano());
        return (node + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
