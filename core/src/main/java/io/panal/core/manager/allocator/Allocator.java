package io.panal.core.manager.allocator;

import io.panal.core.manager.turn.Plan;
import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.store.Kind;
import io.panal.core.store.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What one turn gives: subnets to networks, ports and virtual addresses to services, addresses to tasks and nodes.
///
/// Made for one turn. What is taken is worked out once, when the first address is asked for.
public final class Allocator {
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final Turn turn;
    private Optional<Addresses> known = Optional.empty();

    public Allocator(Turn turn) {
        this.turn = turn;
    }

    private Addresses addresses() {
        Addresses addresses = known.orElseGet(() -> new Addresses(turn.view()));
        known = Optional.of(addresses);
        return addresses;
    }

    /// Networks that their users have removed go with their last tasks.
    public void departed() {
        for (Network network : List.copyOf(turn.view().networks().all())) {
            if (network.departing() && turn.view().tasksIn(network.id()).isEmpty()) {
                turn.delete(Kind.NETWORK, network.id());
            }
        }
    }

    /// Every network that has no subnet yet.
    public void networks() {
        for (Network network : turn.view().networks().all()) {
            if (network.allocation().isEmpty() && !network.isOfNode()) {
                Optional<Network.Allocation> given = Pools.allocation(network, turn.view());
                given.map(network::allocated).ifPresent(allocated -> {
                    turn.put(allocated);
                    known.ifPresent(addresses -> addresses.open(allocated));
                });
            }
        }
    }

    /// @return when it is to be asked again, while a network has no address for it
    public Plan service(Id<Service> id) {
        Plan.Draftsman plan = turn.plan();
        turn.view().services().find(id).ifPresent(service -> {
            Service.Endpoint given = endpoint(service, plan);
            if (!given.equals(service.endpoint())) {
                plan.put(service.endowed(given));
            }
        });
        return plan.plan();
    }

    private Service.Endpoint endpoint(Service service, Plan.Draftsman plan) {
        View view = turn.view();
        ServiceSpec spec = service.spec();
        List<Id<Network>> networks = Attachments.wantedBy(service, view);
        if (networks.isEmpty() && spec.ports().isEmpty()) {
            return Service.Endpoint.NONE;
        }
        List<Service.VirtualIp> vips = new ArrayList<>();
        for (Id<Network> network : Attachments.hasVirtualIps(spec) ? networks : List.<Id<Network>>of()) {
            Optional<Service.VirtualIp> vip = service.endpoint().virtualIps().stream()
                    .filter(own -> own.networkId().equals(network))
                    .findFirst()
                    .or(() -> address(network).map(address -> new Service.VirtualIp(network, address)));
            vip.ifPresentOrElse(vips::add, () -> plan.askAt(turn.now().plus(RETRY)));
        }
        return new Service.Endpoint(spec.endpointSpec(), PublishedPorts.of(service, view), vips);
    }

    /// A network of the node's own has none to give, and needs none.
    private Optional<String> address(Id<Network> id) {
        return Attachments.isOfNode(id, turn.view())
                ? Optional.of("")
                : addresses().give(id);
    }

    /// Every task that waits for addresses.
    public void tasks() {
        Collection<Task> waiting = turn.view().tasksWaiting();
        for (Task task : waiting) {
            if (task.status().state() == TaskState.NEW && turn.takes(task)) {
                task(task);
            }
        }
    }

    private void task(Task task) {
        Optional<Service> service = turn.view().services().find(task.serviceId());
        if (service.isEmpty()) {
            return;
        }
        List<Task.Attachment> given = new ArrayList<>();
        for (Id<Network> id : Attachments.wantedBy(service.get(), turn.view())) {
            Network network = turn.view().networks().require(id);
            if (network.isOfNode()) {
                given.add(new Task.Attachment(id, List.of(), List.of()));
                continue;
            }
            Optional<List<String>> addresses = addresses().giveAll(id);
            if (addresses.isEmpty()) {
                given.forEach(addresses()::giveBack);
                wait(task, full(network));
                return;
            }
            List<String> aliases = Attachments.aliases(service.get().spec(), network);
            given.add(new Task.Attachment(id, addresses.get(), aliases));
        }
        turn.put(task.allocated(given, turn.now()));
    }

    /// That a network has no address left, with numbers.
    public String full(Network network) {
        String name = network.spec().name();
        return network.allocation().isEmpty()
                ? "network %s has no subnet: the address pool is used up".formatted(name)
                : "network %s has no free address: %s"
                        .formatted(name, addresses().use(network.id()));
    }

    private void wait(Task task, String why) {
        if (!task.status().err().equals(why)) {
            turn.put(task.waitingBecause(why, turn.now()));
        }
    }

    /// Addresses of a network for a container of no service.
    ///
    /// @param asked the one that it is to have; empty for any
    /// @return empty when that one, or all of them, are taken
    public Optional<List<String>> guest(Network network, String asked) {
        return asked.isEmpty() ? addresses().giveAll(network.id()) : addresses().giveThis(network.id(), asked);
    }

    /// A node's own address: in the ingress network, which published ports are entered by, and in no other.
    public void node(Node node) {
        List<Task.Attachment> given = Attachments.ingress(turn.view()).map(Network::id).stream()
                .flatMap(id -> node.attachments().stream()
                        .filter(own -> own.network().equals(id))
                        .findFirst()
                        .or(() -> addresses()
                                .give(id)
                                .map(address -> new Task.Attachment(id, List.of(address), List.of())))
                        .stream())
                .toList();
        if (!given.equals(node.attachments())) {
            turn.put(node.attached(given));
        }
    }
}
