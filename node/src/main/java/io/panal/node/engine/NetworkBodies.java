package io.panal.node.engine;

import io.panal.node.http.Refusal;
import io.panal.node.networks.NetworkRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the body of `POST /networks/create` for a network of this host.
final class NetworkBodies {
    private static final List<String> NONE_TO_MAKE = List.of("host", "null");
    private static final List<String> OF_OTHERS = List.of("macvlan", "ipvlan");

    private NetworkBodies() {}

    /// @throws Refusal as dockerd says it
    static NetworkRequest bridge(ObjectNode body) throws Refusal {
        refuseOtherDrivers(body.path("Driver").asString(""));
        if (body.path("ConfigOnly").asBoolean(false)
                || !body.path("ConfigFrom").path("Network").asString("").isEmpty()) {
            throw new Refusal(501, "networks that are configurations of others are not supported");
        }
        if (body.path("Ingress").asBoolean(false)) {
            throw new Refusal(403, "Ingress network can only be global scope network");
        }
        String ipam = body.path("IPAM").path("Driver").asString("");
        if (!ipam.isEmpty() && !ipam.equals("default")) {
            throw new Refusal(404, "plugin \"%s\" not found".formatted(ipam));
        }
        return new NetworkRequest(
                body.path("Name").asString("").strip(),
                texts(body.path("Options")),
                texts(body.path("Labels")),
                new NetworkRequest.Kind(
                        body.path("Internal").asBoolean(false),
                        body.path("Attachable").asBoolean(false),
                        body.path("EnableIPv6").asBoolean(false)),
                subnets(body.path("IPAM").path("Config")));
    }

    private static void refuseOtherDrivers(String driver) throws Refusal {
        if (NONE_TO_MAKE.contains(driver)) {
            throw new Refusal(403, "only one instance of \"%s\" network is allowed".formatted(driver));
        }
        if (OF_OTHERS.contains(driver)) {
            throw new Refusal(501, "networks of the driver %s are not supported; there is bridge".formatted(driver));
        }
        if (!driver.isEmpty() && !driver.equals("bridge")) {
            throw new Refusal(404, "plugin \"%s\" not found".formatted(driver));
        }
    }

    private static List<NetworkRequest.Subnet> subnets(JsonNode config) {
        List<NetworkRequest.Subnet> subnets = new ArrayList<>();
        for (JsonNode each : config) {
            if (!each.isEmpty()) {
                subnets.add(new NetworkRequest.Subnet(
                        each.path("Subnet").asString(""),
                        each.path("IPRange").asString(""),
                        each.path("Gateway").asString(""),
                        texts(
                                each.has("AuxiliaryAddresses")
                                        ? each.path("AuxiliaryAddresses")
                                        : each.path("AuxAddress"))));
            }
        }
        return subnets;
    }

    static Map<String, String> texts(JsonNode tree) {
        Map<String, String> texts = new TreeMap<>();
        tree.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asString("")));
        return texts;
    }
}
