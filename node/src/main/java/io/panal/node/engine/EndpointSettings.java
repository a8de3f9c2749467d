package io.panal.node.engine;

import io.panal.node.networks.AddressWish;
import io.panal.node.networks.LocalNetwork;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a user asks of a container's place in one network, as the API has it and as it is kept with the container.
///
/// @param network its name
record EndpointSettings(String network, ObjectNode asked) {
    private static final int SHORT_ID = 12;

    AddressWish addresses() {
        JsonNode wish = asked.path("IPAMConfig");
        return new AddressWish(
                wish.path("IPv4Address").asString(""),
                wish.path("IPv6Address").asString(""),
                ContainerCreation.texts(wish.path("LinkLocalIPs")));
    }

    private boolean isDefault() {
        return network.equals(LocalNetwork.DEFAULT);
    }

    /// As `docker inspect` shows them; the default network has none.
    List<String> aliases(String containerId) {
        if (isDefault()) {
            return List.of();
        }
        Set<String> aliases = new LinkedHashSet<>(ContainerCreation.texts(asked.path("Aliases")));
        aliases.add(containerId.substring(0, SHORT_ID));
        return List.copyOf(aliases);
    }

    /// The names that the others of the network find the container by, its own first.
    List<String> names(String containerId, String name, String hostname) {
        if (isDefault()) {
            return List.of();
        }
        Set<String> names = new LinkedHashSet<>(List.of(name));
        names.addAll(aliases(containerId));
        names.add(hostname);
        names.remove("");
        return List.copyOf(names);
    }
}
