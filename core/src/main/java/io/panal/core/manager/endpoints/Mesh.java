package io.panal.core.manager.endpoints;

import io.panal.core.agent.NetworkOrders.Backend;
import io.panal.core.agent.NetworkOrders.Balanced;
import io.panal.core.agent.NetworkOrders.Named;
import io.panal.core.agent.NetworkOrders.Peer;
import io.panal.core.agent.TaskTemplate;
import io.panal.core.manager.allocator.Attachments;
import io.panal.core.model.ContainerSpec;
import io.panal.core.model.Guest;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.PortConfig;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.model.TaskStatus;
import io.panal.core.store.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// One network as all its nodes see it.
///
/// @param nodes those that take part in it, in the order of their ids
/// @param places every address of a task, guest or node, and where it is; in the order of the addresses as texts
/// @param services what is reached by a name or a port, in the order of their ids
/// @param named containers of no service, in the order of their ids
/// @param sealing the keys of an encrypted one
record Mesh(
        List<Id<Node>> nodes,
        List<Place> places,
        List<Balanced> services,
        List<Named> named,
        Optional<Network.Sealing> sealing) {
    private static final int SHORT_ID = 12;

    record Place(Id<Node> node, Peer peer) {}

    /// What of a former one may be another now.
    ///
    /// @param network as it was
    /// @param services those that changed, or whose tasks did
    record Former(Network network, Mesh mesh, NavigableSet<Id<Service>> services) {}

    static Mesh of(Network network, View view) {
        return of(network, view, Optional.empty());
    }

    static Mesh of(Network network, View view, Optional<Former> former) {
        NavigableMap<Id<Node>, String> hosts = new TreeMap<>();
        List<Place> places = new ArrayList<>();
        for (Node node : view.nodes().all()) {
            for (Task.Attachment own : node.attachments()) {
                if (own.network().equals(network.id())) {
                    hosts.put(node.id(), node.status().addr());
                    own.addresses()
                            .forEach(address -> places.add(new Place(
                                    node.id(),
                                    new Peer(bare(address), node.status().addr()))));
                }
            }
        }
        NavigableMap<Id<Service>, List<Task>> members = new TreeMap<>();
        for (Task task : view.tasksIn(network.id())) {
            Optional<Node> node =
                    task.isAssigned() ? task.nodeId().flatMap(at -> view.nodes().find(at)) : Optional.empty();
            if (node.isPresent()) {
                Id<Node> at = node.get().id();
                String host = node.get().status().addr();
                // In a full network a node may have tasks though it has no address of its own.
                hosts.put(at, host);
                places.add(new Place(at, new Peer(address(task, network), host)));
                members.computeIfAbsent(task.serviceId(), _ -> new ArrayList<>())
                        .add(task);
            }
        }
        List<Named> named = new ArrayList<>();
        for (Guest guest : view.guestsIn(network.id())) {
            Optional<Node> at = view.nodes().find(guest.node());
            if (at.isPresent()) {
                String host = at.get().status().addr();
                String address = address(guest.attachment());
                hosts.put(guest.node(), host);
                places.add(new Place(guest.node(), new Peer(address, host)));
                named.add(new Named(address, guest.attachment().aliases()));
            }
        }
        places.sort(Comparator.comparing(place -> place.peer().ip()));
        List<Balanced> services = former.filter(known -> known.network().equals(network))
                .map(known -> services(network, view, members, known))
                .orElseGet(() -> services(network, view, members));
        return new Mesh(
                List.copyOf(hosts.keySet()), List.copyOf(places), services, List.copyOf(named), network.sealing());
    }

    /// Those of before with what changed worked out anew.
    private static List<Balanced> services(
            Network network, View view, NavigableMap<Id<Service>, List<Task>> members, Former former) {
        List<Balanced> services = new ArrayList<>();
        List<Balanced> known = former.mesh().services();
        int next = 0;
        for (Id<Service> id : former.services()) {
            while (next < known.size() && known.get(next).id().compareTo(id) < 0) {
                services.add(known.get(next++));
            }
            if (next < known.size() && known.get(next).id().equals(id)) {
                next++;
            }
            add(id, network, view, members, services);
        }
        services.addAll(known.subList(next, known.size()));
        return List.copyOf(services);
    }

    private static void add(
            Id<Service> id,
            Network network,
            View view,
            NavigableMap<Id<Service>, List<Task>> members,
            List<Balanced> services) {
        view.services()
                .find(id)
                .filter(service -> members.containsKey(id) || hasVirtualIp(service, network))
                .map(service -> balanced(service, network, members.getOrDefault(id, List.of()), view))
                .ifPresent(services::add);
    }

    private static boolean hasVirtualIp(Service service, Network network) {
        return service.endpoint().virtualIps().stream()
                .anyMatch(vip -> vip.networkId().equals(network.id()));
    }

    private static List<Balanced> services(Network network, View view, NavigableMap<Id<Service>, List<Task>> members) {
        NavigableSet<Id<Service>> named = new TreeSet<>(members.keySet());
        for (Service service : view.services().all()) {
            if (hasVirtualIp(service, network)) {
                named.add(service.id());
            }
        }
        List<Balanced> services = new ArrayList<>();
        named.forEach(id -> add(id, network, view, members, services));
        return List.copyOf(services);
    }

    private static Balanced balanced(Service service, Network network, List<Task> tasks, View view) {
        String vip = service.endpoint().virtualIps().stream()
                .filter(own -> own.networkId().equals(network.id()))
                .map(own -> bare(own.addr()))
                .findFirst()
                .orElse("");
        List<Backend> backends = tasks.stream()
                .filter(task -> task.isWanted() && task.status().state() == TaskState.RUNNING)
                .map(task -> new Backend(name(service, task), address(task, network), others(service, task, view)))
                .toList();
        List<PortConfig> ports = network.spec().ingress()
                ? service.endpoint().ports().stream()
                        .filter(port -> port.publishMode() == PortConfig.PublishMode.INGRESS)
                        .toList()
                : List.of();
        List<String> aliases = Attachments.aliases(service.spec(), network);
        return new Balanced(service.id(), service.spec().name(), aliases, vip, backends, ports);
    }

    /// `web.1.ID`, or `web.NODE.ID` of a global service.
    private static String name(Service service, Task task) {
        return service.spec().name() + "." + task.place() + "." + task.id();
    }

    /// Its container's short id, as Docker gives it, and the host name that its service gives it.
    private static List<String> others(Service service, Task task, View view) {
        List<String> others = new ArrayList<>();
        task.status()
                .containerStatus()
                .map(TaskStatus.ContainerStatus::containerId)
                .filter(id -> id.length() > SHORT_ID)
                .ifPresent(id -> others.add(id.substring(0, SHORT_ID)));
        hostname(service, task, view).ifPresent(others::add);
        return others;
    }

    private static Optional<String> hostname(Service service, Task task, View view) {
        Optional<Node> node = task.nodeId().flatMap(at -> view.nodes().find(at));
        return view.revisions()
                .find(task.origin().revision())
                .flatMap(revision -> revision.spec().containerSpec())
                .map(ContainerSpec::hostname)
                .filter(name -> !name.isEmpty())
                .flatMap(name -> node.flatMap(at -> at.description()
                        .flatMap(description -> new TaskTemplate(service, task, at.id(), description).expand(name))));
    }

    private static String address(Task task, Network network) {
        return task.networksAttachments().stream()
                .filter(own -> own.network().equals(network.id()))
                .findFirst()
                .map(Mesh::address)
                .orElse("");
    }

    /// The first, which the others follow from.
    private static String address(Task.Attachment attachment) {
        return attachment.addresses().stream().findFirst().map(Mesh::bare).orElse("");
    }

    private static String bare(String cidr) {
        int slash = cidr.indexOf('/');
        return slash < 0 ? cidr : cidr.substring(0, slash);
    }
}
