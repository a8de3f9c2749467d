package io.panal.node.engine;

import io.panal.node.containers.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The ports of a container that runs: exposed by its image or by its user, and those of the host that lead there.
///
/// @param bindings by `port/protocol`, as the user asked for them; none for a port that is only exposed
/// @param usual the address of one that names none
record ContainerPorts(Map<String, List<JsonNode>> bindings, String usual) {
    private static final String ALL = "0.0.0.0";

    /// @param ofImage `port/protocol`
    /// @param publishedOn where those are published that name no address, empty for all; nothing when none is
    static ContainerPorts of(
            Container container, ContainerDetails details, List<String> ofImage, Optional<String> publishedOn) {
        Map<String, List<JsonNode>> bindings = new TreeMap<>();
        String mode = details.networkMode();
        boolean shown = container.state().isRunning()
                && !mode.equals("host")
                && !mode.equals("none")
                && !mode.startsWith("container:");
        if (shown) {
            ofImage.forEach(port -> bindings.put(port, List.of()));
            details.config()
                    .path("ExposedPorts")
                    .properties()
                    .forEach(entry -> bindings.put(entry.getKey(), List.of()));
            for (var entry : details.hostConfig().path("PortBindings").properties()) {
                List<JsonNode> published = new ArrayList<>();
                if (publishedOn.isPresent()) {
                    entry.getValue().forEach(published::add);
                }
                bindings.put(entry.getKey(), published);
            }
        }
        return new ContainerPorts(
                bindings, publishedOn.filter(address -> !address.isEmpty()).orElse(ALL));
    }

    private String address(JsonNode binding) {
        String text = binding.path("HostIp").asString("");
        return text.isEmpty() ? usual : text;
    }

    /// `Ports` of `GET /containers/json`.
    ArrayNode listed() {
        ArrayNode ports = Replies.object().putArray("Ports");
        bindings.forEach((port, published) -> {
            if (published.isEmpty()) {
                describe(ports.addObject(), port);
            }
            for (JsonNode binding : published) {
                ObjectNode node = ports.addObject();
                node.put("IP", address(binding));
                describe(node, port);
                node.put("PublicPort", Integer.parseInt(binding.path("HostPort").asString("0")));
            }
        });
        return ports;
    }

    private static void describe(ObjectNode node, String port) {
        String[] parts = port.split("/", 2);
        node.put("PrivatePort", Integer.parseInt(parts[0]));
        node.put("Type", parts.length > 1 ? parts[1] : "tcp");
    }

    /// `NetworkSettings.Ports` of `GET /containers/X/json`.
    ObjectNode inspected() {
        ObjectNode node = Replies.object();
        bindings.forEach((port, published) -> {
            if (published.isEmpty()) {
                node.putNull(port);
            } else {
                ArrayNode list = node.putArray(port);
                for (JsonNode binding : published) {
                    list.addObject()
                            .put("HostIp", address(binding))
                            .put("HostPort", binding.path("HostPort").asString(""));
                }
            }
        });
        return node;
    }
}
