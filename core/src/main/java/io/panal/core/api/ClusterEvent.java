package io.panal.core.api;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// Something that happened in the swarm, as `docker events` tells it.
///
/// @param type node, service, network, secret or config
/// @param action create, update or remove
/// @param attributes the object's name, and `.old` and `.new` pairs of what changed
public record ClusterEvent(String type, String action, String id, Map<String, String> attributes, Instant at) {
    /// Copies.
    public ClusterEvent {
        attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
    }
}
