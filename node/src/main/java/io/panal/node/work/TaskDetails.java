package io.panal.node.work;

import io.panal.core.agent.Assignment;
import io.panal.core.codec.Codec;
import io.panal.core.model.ContainerSpec;
import io.panal.core.model.PortConfig;
import io.panal.core.model.Task;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a task's container keeps of its service, for who asks this node's Engine API about the container:
/// `{"Task": {"Image": ..., "ExposedPorts": ..., "HostConfig": ..., "Networks": ...}}`, in the API's own words.
final class TaskDetails {
    private static final int SHORT_ID = 12;

    private TaskDetails() {}

    /// @param networks their names by their ids; one that is not in it goes by its id
    static String text(Assignment order, String containerId, String hostname, Map<String, String> networks) {
        ContainerSpec spec = order.spec().containerSpec().orElseThrow();
        ObjectNode details = object();
        ObjectNode task = details.putObject("Task");
        task.put("Image", spec.image());
        ObjectNode exposed = task.putObject("ExposedPorts");
        ObjectNode host = task.putObject("HostConfig");
        ObjectNode bindings = host.putObject("PortBindings");
        for (PortConfig port : order.hostPorts()) {
            String key = "%d/%s".formatted(port.targetPort(), port.protocol().word());
            int published = port.publishedPort() == 0 ? port.targetPort() : port.publishedPort();
            exposed.putObject(key);
            bindings.withArrayProperty(key).addObject().put("HostIp", "").put("HostPort", String.valueOf(published));
        }
        if (!spec.mounts().isEmpty()) {
            host.set("Mounts", Codec.JSON.tree(spec.mounts()));
        }
        spec.dnsConfig().ifPresent(dns -> {
            list(host, "Dns", dns.nameservers());
            list(host, "DnsSearch", dns.search());
            list(host, "DnsOptions", dns.options());
        });
        list(
                host,
                "ExtraHosts",
                spec.hosts().stream().map(TaskDetails::extraHost).toList());
        task.set("Networks", networks(order, List.of(containerId.substring(0, SHORT_ID), hostname), networks));
        return new String(Codec.JSON.write(details), StandardCharsets.UTF_8);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static void list(ObjectNode node, String key, List<String> words) {
        if (!words.isEmpty()) {
            node.set(key, Codec.JSON.tree(words));
        }
    }

    /// `address name` of a spec as `name:address`.
    private static String extraHost(String line) {
        String[] words = line.strip().split("\\s+", 2);
        return words.length == 2 ? words[1] + ":" + words[0] : line;
    }

    private static ObjectNode networks(Assignment order, List<String> aliases, Map<String, String> names) {
        Map<String, ObjectNode> sorted = new TreeMap<>();
        for (Task.Attachment attachment : order.attachments()) {
            if (attachment.addresses().isEmpty()) {
                continue;
            }
            ObjectNode network = object();
            String id = attachment.network().value();
            network.put("NetworkID", id);
            network.putObject("IPAMConfig")
                    .put("IPv4Address", attachment.addresses().getFirst().split("/", 2)[0]);
            network.set("Aliases", Codec.JSON.tree(aliases));
            sorted.put(names.getOrDefault(id, id), network);
        }
        ObjectNode networks = object();
        sorted.forEach(networks::set);
        return networks;
    }
}
