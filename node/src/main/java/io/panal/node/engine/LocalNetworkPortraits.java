package io.panal.node.engine;

import io.panal.core.codec.Codec;
import io.panal.node.networks.LocalNetwork;
import io.panal.node.networks.NetworkRequest;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The networks of this host as the API shows them (Docker 20.10).
final class LocalNetworkPortraits {
    private LocalNetworkPortraits() {}

    static ObjectNode shown(LocalNetwork network, ObjectNode users) {
        ObjectNode node = base(network.name(), network.id(), "bridge");
        node.set("Created", Codec.JSON.tree(network.createdAt()));
        node.put("EnableIPv6", network.kind().ipv6());
        ArrayNode config = node.withObjectProperty("IPAM").putArray("Config");
        for (LocalNetwork.Subnet subnet : network.subnets()) {
            describe(config.addObject(), subnet.told());
        }
        node.put("Internal", network.kind().internal());
        node.put("Attachable", network.kind().attachable());
        node.set("Containers", users);
        node.set("Options", Codec.JSON.tree(network.options()));
        node.set("Labels", Codec.JSON.tree(network.labels()));
        return node;
    }

    private static void describe(ObjectNode node, NetworkRequest.Subnet subnet) {
        node.put("Subnet", subnet.subnet());
        put(node, "IPRange", subnet.ipRange());
        put(node, "Gateway", subnet.gateway());
        Map<String, String> auxiliary = subnet.auxiliary();
        if (!auxiliary.isEmpty()) {
            node.set("AuxiliaryAddresses", Codec.JSON.tree(auxiliary));
        }
    }

    private static void put(ObjectNode node, String key, String text) {
        if (!text.isEmpty()) {
            node.put(key, text);
        }
    }

    /// What every network of one host has, in the order in which dockerd has it.
    static ObjectNode base(String name, String id, String driver) {
        ObjectNode node = Replies.object();
        node.put("Name", name);
        node.put("Id", id);
        node.put("Created", "1970-01-01T00:00:00Z");
        node.put("Scope", "local");
        node.put("Driver", driver);
        node.put("EnableIPv6", false);
        ObjectNode ipam = node.putObject("IPAM");
        ipam.put("Driver", "default");
        ipam.putNull("Options");
        ipam.putArray("Config");
        node.put("Internal", false);
        node.put("Attachable", false);
        node.put("Ingress", false);
        node.putObject("ConfigFrom").put("Network", "");
        node.put("ConfigOnly", false);
        node.putObject("Containers");
        node.putObject("Options");
        node.putObject("Labels");
        return node;
    }
}
