package io.panal.core.api;

import io.panal.core.codec.Codec;
import io.panal.core.model.Cluster;
import io.panal.core.model.Config;
import io.panal.core.model.Id;
import io.panal.core.model.Meta;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Secret;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec;
import io.panal.core.model.Stored;
import io.panal.core.model.Task;
import io.panal.core.model.TaskSpec;
import io.panal.core.store.View;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The state's objects as the Engine API shows them (API 1.41 of Docker 20.10, `insertDefaults` included).
public final class Portraits {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Portraits() {}

    private static ObjectNode base(Stored<?> object) {
        Meta meta = object.meta();
        ObjectNode node = JSON.objectNode();
        node.put("ID", object.id().value());
        node.putObject("Version").put("Index", meta.version().index());
        node.put("CreatedAt", Codec.text(meta.createdAt()));
        node.put("UpdatedAt", Codec.text(meta.updatedAt()));
        return node;
    }

    /// @param defaults whether what was left open is filled in with what it means
    static ObjectNode service(Service service, boolean defaults) {
        ObjectNode node = base(service);
        node.set("Spec", defaults ? SpecTrees.withDefaults(service.spec()) : Codec.JSON.tree(service.spec()));
        service.previousSpec().ifPresent(spec -> node.set("PreviousSpec", Codec.JSON.tree(spec)));
        ObjectNode endpoint = (ObjectNode) Codec.JSON.tree(service.endpoint());
        boolean isGivenNothing = service.endpoint().ports().isEmpty()
                && service.endpoint().virtualIps().isEmpty();
        // Docker shows what an endpoint was given for once it was given something.
        if (isGivenNothing || !endpoint.path("Spec").isObject()) {
            endpoint.putObject("Spec");
        }
        node.set("Endpoint", endpoint);
        service.updateStatus().ifPresent(status -> node.set("UpdateStatus", Codec.JSON.tree(status)));
        service.jobStatus().ifPresent(status -> {
            ObjectNode job = node.putObject("JobStatus");
            job.set("JobIteration", iteration(status.jobIteration()));
            status.lastExecution().ifPresent(at -> job.set("LastExecution", Codec.JSON.tree(at)));
        });
        return node;
    }

    private static ObjectNode iteration(long index) {
        ObjectNode node = JSON.objectNode();
        if (index > 0) {
            node.put("Index", index);
        }
        return node;
    }

    /// What `service ls` counts. Tasks of a lost node count as what was last heard of them, as in swarmkit.
    static ObjectNode serviceStatus(View view, Service service) {
        long running = 0;
        long live = 0;
        long completed = 0;
        long iteration =
                service.jobStatus().map(Service.JobStatus::jobIteration).orElse(0L);
        for (Task task : view.tasksOf(service.id())) {
            switch (task.status().state()) {
                case RUNNING -> running++;
                case COMPLETE -> completed += task.origin().jobIteration() == iteration ? 1 : 0;
                case NEW, PENDING, ASSIGNED, ACCEPTED, PREPARING, READY, STARTING, SHUTDOWN, FAILED, REJECTED -> {}
                case REMOVE, ORPHANED -> {}
            }
            live += task.isLive() ? 1 : 0;
        }
        boolean job = service.jobStatus().isPresent();
        ObjectNode node = JSON.objectNode();
        node.put("RunningTasks", running);
        node.put("DesiredTasks", wanted(service.spec().mode(), live));
        node.put("CompletedTasks", job ? completed : 0);
        return node;
    }

    private static long wanted(ServiceSpec.Mode mode, long live) {
        return switch (mode) {
            case ServiceSpec.Mode.Replicated replicated -> replicated.count();
            case ServiceSpec.Mode.ReplicatedJob job ->
                Math.max(
                        0,
                        Math.min(
                                job.maxConcurrent()
                                        .orElse(job.totalCompletions().orElse(1L)),
                                job.totalCompletions()
                                        .orElse(job.maxConcurrent().orElse(1L))));
            case ServiceSpec.Mode.Global _, ServiceSpec.Mode.GlobalJob _ -> live;
        };
    }

    /// The task's name: `web.1.ID`, of a global service `web.NODE.ID`.
    public static String name(View view, Task task) {
        String service = view.services()
                .find(task.serviceId())
                .map(own -> own.spec().name())
                .orElse(task.serviceId().value());
        return "%s.%s.%s".formatted(service, task.place(), task.id());
    }

    static ObjectNode task(View view, Task task) {
        return task(view, task, new LinkedHashMap<>());
    }

    /// The tasks of a service differ in little: what they share is painted once, for clients ask often.
    static ArrayNode tasks(View view, Stream<Task> tasks) {
        Map<Id<?>, ObjectNode> shared = new LinkedHashMap<>();
        return list(tasks.map(task -> task(view, task, shared)).toList());
    }

    private static ObjectNode task(View view, Task task, Map<Id<?>, ObjectNode> shared) {
        ObjectNode node = base(task);
        node.putObject("Labels");
        view.revisions()
                .find(task.origin().revision())
                .ifPresent(revision ->
                        node.set("Spec", shared.computeIfAbsent(revision.id(), _ -> withoutRuntime(revision.spec()))));
        node.put("ServiceID", task.serviceId().value());
        if (task.origin().slot() > 0) {
            node.put("Slot", task.origin().slot());
        }
        task.nodeId().ifPresent(id -> node.put("NodeID", id.value()));
        node.set("Status", Codec.JSON.tree(task.status()));
        omitNoPorts(node.path("Status"));
        node.put("DesiredState", task.desiredState().word());
        if (!task.networksAttachments().isEmpty()) {
            ArrayNode attachments = node.putArray("NetworksAttachments");
            task.networksAttachments().forEach(attachment -> attachments.add(attachment(view, attachment, shared)));
        }
        view.services()
                .find(task.serviceId())
                .flatMap(Service::jobStatus)
                .ifPresent(_ -> node.set("JobIteration", iteration(task.origin().jobIteration())));
        return node;
    }

    private static ObjectNode withoutRuntime(TaskSpec template) {
        ObjectNode spec = (ObjectNode) Codec.JSON.tree(template);
        spec.remove("Runtime");
        return spec;
    }

    private static void omitNoPorts(JsonNode status) {
        if (status.path("PortStatus") instanceof ObjectNode ports
                && ports.path("Ports").isEmpty()) {
            ports.remove("Ports");
        }
    }

    private static ObjectNode attachment(View view, Task.Attachment attachment, Map<Id<?>, ObjectNode> shared) {
        ObjectNode node = JSON.objectNode();
        view.networks()
                .find(attachment.network())
                .ifPresent(network ->
                        node.set("Network", shared.computeIfAbsent(network.id(), _ -> attachedNetwork(network))));
        if (!attachment.addresses().isEmpty()) {
            ArrayNode addresses = node.putArray("Addresses");
            attachment.addresses().forEach(addresses::add);
        }
        return node;
    }

    private static ObjectNode attachedNetwork(Network network) {
        ObjectNode node = base(network);
        ObjectNode spec = node.putObject("Spec");
        spec.put("Name", network.spec().name());
        spec.set("Labels", Codec.JSON.tree(network.spec().labels()));
        if (network.isOfNode()) {
            String driver = network.spec().driver();
            spec.putObject("DriverConfiguration").put("Name", driver);
            spec.put("Scope", "swarm");
            node.putObject("DriverState").put("Name", driver);
            node.putObject("IPAMOptions").putObject("Driver");
            return node;
        }
        spec.putObject("DriverConfiguration").put("Name", "overlay");
        if (network.spec().ingress()) {
            spec.put("Ingress", true);
        }
        if (network.spec().attachable()) {
            spec.put("Attachable", true);
        }
        spec.putObject("IPAMOptions").putObject("Driver").put("Name", "default");
        spec.put("Scope", "swarm");
        network.allocation().ifPresent(allocation -> {
            ObjectNode driver = node.putObject("DriverState");
            driver.put("Name", "overlay");
            driver.putObject("Options").put(VXLAN_OPTION, String.valueOf(allocation.vxlanId()));
            ObjectNode ipam = node.putObject("IPAMOptions");
            ipam.putObject("Driver").put("Name", "default");
            ipam.set("Configs", Codec.JSON.tree(allocation.subnets()));
        });
        return node;
    }

    private static final String VXLAN_OPTION = "com.docker.network.driver.overlay.vxlanid_list";

    static ObjectNode node(Node own, Standing.Manager standing) {
        ObjectNode node = base(own);
        node.set("Spec", Codec.JSON.tree(own.spec()));
        node.set(
                "Description", own.description().<JsonNode>map(Codec.JSON::tree).orElseGet(() -> {
                    ObjectNode unknown = JSON.objectNode();
                    unknown.putObject("Platform");
                    unknown.putObject("Resources");
                    unknown.putObject("Engine");
                    unknown.putObject("TLSInfo");
                    return unknown;
                }));
        if (node.path("Description") instanceof ObjectNode said) {
            said.remove("HostSubnets");
        }
        node.set("Status", Codec.JSON.tree(own.status()));
        own.managerAddress().ifPresent(address -> {
            ObjectNode manager = node.putObject("ManagerStatus");
            if (standing.leader().filter(own.id()::equals).isPresent()) {
                manager.put("Leader", true);
            }
            manager.put("Reachability", standing.reachable().contains(own.id()) ? "reachable" : "unreachable");
            manager.put("Addr", address);
        });
        return node;
    }

    /// A swarm network as `GET /networks` shows it; who is attached on this host is the host's to add.
    public static ObjectNode network(Network network) {
        Network.NetworkSpec spec = network.spec();
        ObjectNode node = JSON.objectNode();
        node.put("Name", spec.name());
        node.put("Id", network.id().value());
        node.put("Created", Codec.text(network.meta().createdAt()));
        node.put("Scope", "swarm");
        node.put("Driver", spec.driver().isEmpty() ? "overlay" : spec.driver());
        node.put("EnableIPv6", spec.enableIpv6());
        ObjectNode ipam = node.putObject("IPAM");
        ipam.put("Driver", network.isOfNode() ? "" : "default");
        ipam.putNull("Options");
        ArrayNode config = ipam.putArray("Config");
        network.allocation().ifPresent(given -> given.subnets().forEach(subnet -> config.add(Codec.JSON.tree(subnet))));
        node.put("Internal", spec.internal());
        node.put("Attachable", spec.attachable());
        node.put("Ingress", spec.ingress());
        node.putObject("ConfigFrom").put("Network", "");
        node.put("ConfigOnly", false);
        if (network.isOfNode()) {
            node.putNull("Containers");
            node.putNull("Options");
            node.set("Labels", Codec.JSON.tree(spec.labels()));
            return node;
        }
        node.putObject("Containers");
        ObjectNode options = node.putObject("Options");
        network.allocation().ifPresent(given -> options.put(VXLAN_OPTION, String.valueOf(given.vxlanId())));
        spec.options().forEach(options::put);
        node.set("Labels", Codec.JSON.tree(spec.labels()));
        return node;
    }

    static ObjectNode secret(Secret secret) {
        ObjectNode node = base(secret);
        ObjectNode spec = (ObjectNode) Codec.JSON.tree(secret.spec());
        spec.remove("Data");
        node.set("Spec", spec);
        return node;
    }

    static ObjectNode config(Config config) {
        ObjectNode node = base(config);
        node.set("Spec", Codec.JSON.tree(config.spec()));
        return node;
    }

    /// What `info` shows of the swarm, and `GET /swarm` with the tokens.
    public static ObjectNode cluster(Cluster cluster) {
        ObjectNode node = base(cluster);
        ObjectNode spec = (ObjectNode) Codec.JSON.tree(cluster.spec());
        if (spec.path("CAConfig").path("ExternalCAs").isEmpty() && spec.path("CAConfig") instanceof ObjectNode ca) {
            ca.remove("ExternalCAs");
        }
        node.set("Spec", spec);
        node.set("TLSInfo", Codec.JSON.tree(cluster.authority().wanted()));
        node.put("RootRotationInProgress", cluster.authority().rotation().isPresent());
        Cluster.Addressing addressing = cluster.addressing();
        node.set(
                "DefaultAddrPool",
                addressing.defaultAddrPool().isEmpty()
                        ? JSON.nullNode()
                        : Codec.JSON.tree(addressing.defaultAddrPool()));
        node.put("SubnetSize", addressing.subnetSize());
        node.put("DataPathPort", addressing.dataPathPort());
        return node;
    }

    static ObjectNode clusterWithTokens(Cluster cluster) {
        ObjectNode node = cluster(cluster);
        node.set("JoinTokens", Codec.JSON.tree(cluster.authority().joinTokens()));
        return node;
    }

    static ArrayNode list(Iterable<? extends JsonNode> nodes) {
        ArrayNode array = JSON.arrayNode();
        nodes.forEach(array::add);
        return array;
    }

    static JsonNode pair(String name, String value) {
        return Codec.JSON.tree(Map.of(name, value));
    }
}
