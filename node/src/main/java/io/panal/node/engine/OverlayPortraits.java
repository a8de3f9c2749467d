package io.panal.node.engine;

import io.panal.core.api.Portraits;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.model.TaskStatus;
import io.panal.core.store.View;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A network of the swarm as `docker network inspect` shows it.
final class OverlayPortraits {
    private OverlayPortraits() {}

    /// @param containers those of this host that are on it
    /// @param verbose with its services and their tasks on all nodes
    static ObjectNode shown(View view, Network network, ObjectNode containers, boolean verbose) {
        ObjectNode node = Portraits.network(network);
        if (network.isOfNode()) {
            return node;
        }
        node.set("Containers", containers);
        ArrayNode peers = Replies.object().putArray("Peers");
        for (Id<Node> id : members(view, network)) {
            view.nodes()
                    .find(id)
                    .ifPresent(member -> peers.addObject()
                            .put("Name", member.hostname())
                            .put("IP", member.status().addr()));
        }
        if (!peers.isEmpty()) {
            node.set("Peers", peers);
        }
        if (verbose) {
            node.set("Services", services(view, network));
        }
        return node;
    }

    /// The nodes with an endpoint in it.
    private static NavigableSet<Id<Node>> members(View view, Network network) {
        NavigableSet<Id<Node>> members = new TreeSet<>();
        for (Node node : view.nodes().all()) {
            if (node.attachments().stream().anyMatch(own -> own.network().equals(network.id()))) {
                members.add(node.id());
            }
        }
        view.guestsIn(network.id()).forEach(guest -> members.add(guest.node()));
        for (Task task : view.tasksIn(network.id())) {
            if (task.isAssigned()) {
                task.nodeId().ifPresent(members::add);
            }
        }
        return members;
    }

    private static ObjectNode services(View view, Network network) {
        NavigableMap<String, Service> named = new TreeMap<>();
        for (Service service : view.services().all()) {
            boolean hasAddress = service.endpoint().virtualIps().stream()
                    .anyMatch(own -> own.networkId().equals(network.id()));
            if (hasAddress) {
                named.put(service.spec().name(), service);
            }
        }
        for (Task task : view.tasksIn(network.id())) {
            view.services()
                    .find(task.serviceId())
                    .ifPresent(service -> named.put(service.spec().name(), service));
        }
        ObjectNode services = Replies.object();
        named.forEach((name, service) -> describe(services.putObject(name), service, view, network));
        return services;
    }

    private static void describe(ObjectNode node, Service service, View view, Network network) {
        node.put(
                "VIP",
                service.endpoint().virtualIps().stream()
                        .filter(own -> own.networkId().equals(network.id()))
                        .map(own -> bare(own.addr()))
                        .findFirst()
                        .orElse("<nil>"));
        ArrayNode ports = node.putArray("Ports");
        if (network.spec().ingress()) {
            service.endpoint()
                    .ports()
                    .forEach(port ->
                            ports.add("Target: %d, Publish: %d".formatted(port.targetPort(), port.publishedPort())));
        }
        node.put("LocalLBIndex", 0);
        ArrayNode tasks = node.putArray("Tasks");
        for (Task task : view.tasksIn(network.id())) {
            if (task.serviceId().equals(service.id()) && task.isAssigned()) {
                describe(tasks.addObject(), task, view, network);
            }
        }
    }

    private static void describe(ObjectNode node, Task task, View view, Network network) {
        String container = task.status()
                .containerStatus()
                .map(TaskStatus.ContainerStatus::containerId)
                .orElse("");
        node.put("Name", Portraits.name(view, task));
        node.put(
                "EndpointID",
                container.isEmpty()
                        ? ""
                        : AttachedNetworks.endpointId(container, network.spec().name()));
        node.put(
                "EndpointIP",
                task.networksAttachments().stream()
                        .filter(own -> own.network().equals(network.id()))
                        .flatMap(own -> own.addresses().stream())
                        .map(OverlayPortraits::bare)
                        .findFirst()
                        .orElse(""));
        node.putObject("Info")
                .put(
                        "Host IP",
                        task.nodeId()
                                .flatMap(view.nodes()::find)
                                .map(own -> own.status().addr())
                                .orElse(""));
    }

    private static String bare(String cidr) {
        int slash = cidr.indexOf('/');
        return slash < 0 ? cidr : cidr.substring(0, slash);
    }
}
