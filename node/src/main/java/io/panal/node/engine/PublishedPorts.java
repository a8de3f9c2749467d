package io.panal.node.engine;

import io.panal.node.http.Refusal;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Chooses the ports of the host that a user leaves open: `-p 80`, `-P`.
final class PublishedPorts {
    private PublishedPorts() {}

    /// Writes them where those stand that the user chose.
    ///
    /// @param ofImage `port/protocol`
    static void choose(ContainerDetails details, List<String> ofImage) throws IOException {
        ObjectNode bindings = details.hostConfig().withObjectProperty("PortBindings");
        if (details.hostConfig().path("PublishAllPorts").asBoolean(false)) {
            details.config().path("ExposedPorts").properties().forEach(port -> open(bindings, port.getKey()));
            ofImage.forEach(port -> open(bindings, port));
        }
        for (var entry : bindings.properties()) {
            for (JsonNode binding : entry.getValue()) {
                String published = binding.path("HostPort").asString("");
                boolean free = published.isEmpty() || published.equals("0");
                if (free && binding instanceof ObjectNode chosen) {
                    chosen.put("HostPort", String.valueOf(freePort()));
                }
            }
            if (entry.getValue() instanceof ArrayNode list && list.isEmpty()) {
                list.addObject().put("HostIp", "").put("HostPort", String.valueOf(freePort()));
            }
        }
    }

    /// The address of this host that a binding is of, in IPv4; empty for all.
    ///
    /// @throws Refusal for one that ports cannot be published on
    static String address(JsonNode binding) throws Refusal {
        String text = binding.path("HostIp").asString("");
        try {
            InetAddress address = InetAddress.ofLiteral(text.isEmpty() ? "0.0.0.0" : text);
            if (address instanceof Inet4Address) {
                return address.isAnyLocalAddress() ? "" : address.getHostAddress();
            }
        } catch (IllegalArgumentException _) {
            throw new Refusal(400, "invalid IP address: " + text);
        }
        throw new Refusal(
                400, "cannot publish on %s alone: name an IPv4 address, or none for all addresses".formatted(text));
    }

    private static void open(ObjectNode bindings, String port) {
        if (!bindings.has(port)) {
            bindings.putArray(port);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new Refusal(500, "no port of the host is free: " + none.getMessage());
        }
    }
}
