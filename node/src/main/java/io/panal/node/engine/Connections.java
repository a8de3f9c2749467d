package io.panal.node.engine;

import io.panal.node.containers.Container;
import io.panal.node.networks.LocalNetwork;
import io.panal.node.networks.LocalNetworks;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which networks containers were said to have come on, so that it is said as well when they leave them.
///
/// Of the watching thread alone.
final class Connections {
    private final EventFeed feed;
    /// By container, then by network.
    private final Map<String, Map<String, Joined>> joined = new HashMap<>();

    /// @param type bridge or overlay
    record Joined(String id, String name, String type) {}

    Connections(EventFeed feed) {
        this.feed = feed;
    }

    static EngineEvent event(Joined network, String action, String container, Instant at) {
        return new EngineEvent(
                "network",
                action,
                network.id(),
                Map.of("container", container, "name", network.name(), "type", network.type()),
                "local",
                at);
    }

    /// A container that runs already, under an earlier daemon.
    void recall(Container container, LocalNetworks local) {
        ContainerDetails details = ContainerDetails.of(container);
        ofTask(details).forEach(network -> add(container.id(), network));
        for (EndpointSettings endpoint : details.endpoints()) {
            local.find(endpoint.network())
                    .ifPresent(network -> add(container.id(), new Joined(network.id(), network.name(), "bridge")));
        }
    }

    /// A container starts; of one that a user runs its networks have been told already.
    void begin(Container container, Instant at) {
        for (Joined network : ofTask(ContainerDetails.of(container))) {
            add(container.id(), network);
            feed.publish(event(network, "connect", container.id(), at));
        }
    }

    private static List<Joined> ofTask(ContainerDetails details) {
        if (details.task().isEmpty() || details.networkMode().equals("host")) {
            return List.of();
        }
        List<Joined> overlays = details.taskNetworks().stream()
                .map(network -> new Joined(network.id(), network.name(), "overlay"))
                .toList();
        // The default network may not have been needed yet; its name and id are the same always.
        var bridge = new Joined(LocalNetworks.idOfBuiltIn(LocalNetwork.DEFAULT), LocalNetwork.DEFAULT, "bridge");
        return overlays.isEmpty() ? List.of(bridge) : overlays;
    }

    /// What was told of a network.
    void heard(EngineEvent event) {
        String container = event.attributes().getOrDefault("container", "");
        if (!event.type().equals("network") || container.isEmpty()) {
            return;
        }
        Joined network = new Joined(
                event.id(),
                event.attributes().getOrDefault("name", ""),
                event.attributes().getOrDefault("type", ""));
        if (event.action().equals("connect")) {
            add(container, network);
        } else {
            joined.getOrDefault(container, new HashMap<>()).remove(network.id());
        }
    }

    private void add(String container, Joined network) {
        joined.computeIfAbsent(container, _ -> new LinkedHashMap<>()).put(network.id(), network);
    }

    /// It is on no network any more.
    void end(String container, Instant at) {
        Map<String, Joined> left = joined.remove(container);
        if (left != null) {
            left.values().forEach(network -> feed.publish(event(network, "disconnect", container, at)));
        }
    }
}
