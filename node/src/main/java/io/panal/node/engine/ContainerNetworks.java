package io.panal.node.engine;

import io.panal.core.api.Filters;
import io.panal.node.containers.Container;
import io.panal.node.containers.NamesPlan;
import io.panal.node.containers.NetworkPlan;
import io.panal.node.dataplane.Cidr;
import io.panal.node.dataplane.Dataplane;
import io.panal.node.dataplane.Sandbox;
import io.panal.node.dataplane.TaskNetwork;
import io.panal.node.http.Refusal;
import io.panal.node.networks.Guests;
import io.panal.node.networks.LocalNetwork;
import io.panal.node.networks.LocalNetworks;
import io.panal.node.networks.NetworkRefused;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The networks of containers that users run by themselves: bridges of this host, and ports on it.
public final class ContainerNetworks {
    private static final int STRIPES = 64;
    private static final String HOST_GATEWAY = "host-gateway ";

    private final Optional<Dataplane> dataplane;
    private final LocalNetworks local;
    private final Guests guests;
    /// A container's own lock, shared by chance with others: its start and the tidying after its end exclude each
    /// other.
    private final List<ReentrantLock> stripes =
            IntStream.range(0, STRIPES).mapToObj(_ -> new ReentrantLock()).toList();

    private ContainerNetworks(Optional<Dataplane> dataplane, LocalNetworks local, Guests guests) {
        this.dataplane = dataplane;
        this.local = local;
        this.guests = guests;
    }

    public ContainerNetworks(Dataplane dataplane, LocalNetworks local, Guests guests) {
        this(Optional.of(dataplane), local, guests);
    }

    /// For a host without a data plane: containers get a loopback device only.
    public static ContainerNetworks none(LocalNetworks local) {
        return new ContainerNetworks(Optional.empty(), local, Guests.none(local));
    }

    LocalNetworks local() {
        return local;
    }

    Guests guests() {
        return guests;
    }

    private static String name(String containerId) {
        return TaskNetwork.nameOfPlain(containerId);
    }

    /// Held from the look at a container's state until its network is made or taken away.
    ReentrantLock lock(String containerId) {
        return stripes.get(Math.floorMod(containerId.hashCode(), STRIPES));
    }

    /// Where a container's network will be once it is attached.
    NetworkPlan planned(String containerId) {
        return dataplane
                .<NetworkPlan>map(plane -> new NetworkPlan.Joined(
                        plane.namespace(name(containerId)).toString()))
                .orElse(new NetworkPlan.Isolated());
    }

    /// Puts one that has no user's settings on the default network. Safe to repeat.
    NetworkPlan attachByDefault(String containerId, String hostname) throws IOException {
        if (dataplane.isPresent()) {
            LocalNetwork network = local.defaultNetwork();
            var settings = new EndpointSettings(network.name(), Replies.object());
            var _ = attach(containerId, hostname, hostname, List.of(settings), List.of(), TaskNetwork.Names.NONE);
        }
        return planned(containerId);
    }

    /// Puts a container on its networks, and takes it off all others: before it starts, and while it runs.
    ///
    /// @return what its files say of names then; those of the host when it is on no network that has names
    Optional<NamesPlan> attach(Container container) throws IOException {
        ContainerDetails details = ContainerDetails.of(container);
        List<EndpointSettings> endpoints = details.endpoints();
        for (EndpointSettings endpoint : dataplane.isEmpty() ? endpoints : List.<EndpointSettings>of()) {
            if (here(endpoint.network()).isEmpty()) {
                throw new Refusal(404, "network %s not found".formatted(endpoint.network()));
            }
        }
        if (dataplane.isEmpty() || !details.isOnBridges()) {
            return Optional.empty();
        }
        NamesPlan own = withGateway(details.names(container.plan().host().names()));
        Sandbox sandbox = attach(
                container.id(),
                container.plan().name(),
                own.hostname(),
                endpoints,
                ports(details),
                new TaskNetwork.Names(own.nameservers(), own.searches(), own.options(), own.hosts()));
        boolean named = endpoints.stream().anyMatch(each -> !each.network().equals(LocalNetwork.DEFAULT));
        return Optional.of(named ? resolving(own, sandbox) : listed(own, sandbox));
    }

    /// `--add-host NAME:host-gateway` means this host as the default network sees it.
    private NamesPlan withGateway(NamesPlan names) throws IOException {
        List<String> hosts = new ArrayList<>();
        for (String line : names.hosts()) {
            hosts.add(
                    line.startsWith(HOST_GATEWAY)
                            ? local.defaultNetwork().subnets().getFirst().gateway()
                                    + line.substring(HOST_GATEWAY.length() - 1)
                            : line);
        }
        return names.knowing(hosts);
    }

    private Sandbox attach(
            String id,
            String name,
            String hostname,
            List<EndpointSettings> endpoints,
            List<TaskNetwork.HostPort> ports,
            TaskNetwork.Names names)
            throws IOException {
        Dataplane plane = dataplane.orElseThrow();
        int asked = 0;
        try {
            Map<String, List<Cidr>> leases = lease(id, endpoints);
            List<TaskNetwork.Attachment> attachments = new ArrayList<>();
            boolean leadsOut = false;
            for (EndpointSettings endpoint : endpoints) {
                List<String> called = endpoint.names(id, name, hostname);
                Optional<LocalNetwork> here = here(endpoint.network());
                if (here.isPresent()) {
                    List<String> own = leases.getOrDefault(here.get().id(), List.of()).stream()
                            .map(Cidr::toString)
                            .toList();
                    attachments.add(new TaskNetwork.Attachment(
                            here.get().id(), own.getFirst(), called, own.subList(1, own.size())));
                } else {
                    asked++;
                    Guests.Lease lease = guests.lease(name(id), endpoint.network(), endpoint.addresses(), called);
                    leadsOut |= !lease.internal();
                    List<String> own = lease.addresses();
                    attachments.add(new TaskNetwork.Attachment(
                            lease.networkId(), own.getFirst(), called, own.subList(1, own.size()), lease.reach()));
                }
            }
            return plane.attach(new TaskNetwork(name(id), hostname, attachments, ports, leadsOut, names));
        } finally {
            // Also after a failure it has the addresses of the networks that it is on, and no others.
            Set<String> kept = plane.attached(name(id)).stream()
                    .flatMap(sandbox -> sandbox.endpoints().stream())
                    .map(Sandbox.Endpoint::networkId)
                    .collect(Collectors.toSet());
            local.releaseOthers(name(id), kept);
            for (; asked > 0; asked--) {
                guests.arrived(name(id));
            }
            guests.release(name(id), kept);
        }
    }

    private Map<String, List<Cidr>> lease(String id, List<EndpointSettings> endpoints) throws IOException {
        List<LocalNetworks.Wish> wishes = new ArrayList<>();
        for (EndpointSettings endpoint : endpoints) {
            here(endpoint.network())
                    .ifPresent(network -> wishes.add(new LocalNetworks.Wish(network, endpoint.addresses())));
        }
        return local.lease(name(id), wishes);
    }

    /// A network of this host by its name or id; one of the swarm's is none.
    Optional<LocalNetwork> here(String text) throws IOException {
        return text.equals(LocalNetwork.DEFAULT) ? Optional.of(local.defaultNetwork()) : local.find(text);
    }

    /// A network that a container is on, as events tell it; empty of one that is not here now.
    Optional<Connections.Joined> joined(String text) throws IOException {
        return here(text)
                .map(network -> new Connections.Joined(network.id(), network.name(), "bridge"))
                .or(() -> guests.network(text)
                        .map(overlay -> new Connections.Joined(overlay.id().value(), overlay.name(), "overlay")));
    }

    /// With networks of this host by their names, where a user wrote ids.
    Filters byNames(Filters filters) {
        Map<String, List<String>> values = new TreeMap<>(filters.values());
        values.computeIfPresent(
                "network",
                (_, asked) -> asked.stream()
                        .map(text -> local.find(text).map(LocalNetwork::name).orElse(text))
                        .toList());
        return new Filters(values);
    }

    /// As the API says it.
    static Refusal refusal(NetworkRefused refused) {
        int status = switch (refused.reason()) {
            case INVALID -> 400;
            case FORBIDDEN -> 403;
            case MISSING -> 404;
            case CONFLICT -> 409;
            case FAILED -> 500;
        };
        return new Refusal(status, String.valueOf(refused.getMessage()));
    }

    /// The network that published ports lead to: the first that leads out, in the order of names.
    private Optional<LocalNetwork> published(List<EndpointSettings> endpoints) {
        return endpoints.stream()
                .flatMap(endpoint -> local.find(endpoint.network()).stream())
                .filter(network -> !network.kind().internal())
                .min(Comparator.comparing(LocalNetwork::name));
    }

    /// The address of this host that ports are published on whose binding names none, empty for all.
    ///
    /// @return nothing when no port is published, as no network leads out
    Optional<String> publishedOn(ContainerDetails details) {
        boolean isOfSwarm = details.endpoints().stream()
                .anyMatch(endpoint -> local.find(endpoint.network()).isEmpty());
        return published(details.endpoints())
                .map(LocalNetwork::publishedOn)
                .or(() -> isOfSwarm ? Optional.of("") : Optional.empty());
    }

    /// Without a network that leads out there is nothing that a port could lead to.
    private List<TaskNetwork.HostPort> ports(ContainerDetails details) throws IOException {
        Optional<String> usual = publishedOn(details);
        if (usual.isEmpty()) {
            return List.of();
        }
        return ContainerStarts.ports(details).stream()
                .map(port -> port.address().isEmpty()
                        ? new TaskNetwork.HostPort(
                                port.protocol(), port.publishedPort(), port.targetPort(), usual.get())
                        : port)
                .toList();
    }

    /// Names come from the network; the files say its addresses, and where to ask.
    private static NamesPlan resolving(NamesPlan own, Sandbox sandbox) {
        return listed(own, sandbox)
                .asking(sandbox.words("nameserver"), sandbox.words("search"), sandbox.words("options"));
    }

    private static NamesPlan listed(NamesPlan own, Sandbox sandbox) {
        return own.knowing(sandbox.ownHosts());
    }

    /// The addresses of a container now, of a task's or of one that a user runs; none of one that has stopped.
    List<Sandbox.Endpoint> endpoints(Container container) {
        String task = container.plan().labels().get(ContainerFilters.TASK_LABEL);
        return dataplane
                .flatMap(network -> network.attached(task == null ? name(container.id()) : task))
                .map(Sandbox::endpoints)
                .orElse(List.of());
    }

    /// Compares what the kernel holds of all networks with what is wanted.
    ///
    /// @param mending whether what differs is made as wanted
    NetworkHealth health(boolean mending) throws IOException {
        return dataplane.isPresent()
                ? new NetworkHealth(
                        dataplane.get().examine(mending), dataplane.get().problems())
                : new NetworkHealth(List.of(), List.of());
    }

    /// Takes it away again. Safe to repeat.
    void detach(String containerId) throws IOException {
        try {
            if (dataplane.isPresent()) {
                dataplane.get().detach(name(containerId));
            }
        } finally {
            local.release(name(containerId));
            guests.release(name(containerId), Set.of());
        }
    }
}
