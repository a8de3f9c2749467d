package io.panal.simulator;

import io.panal.core.model.Guest;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.PortConfig;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec;
import io.panal.core.model.Stored;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.store.Batch;
import io.panal.core.store.Change;
import io.panal.core.store.View;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What holds of every state that was ever committed, whatever goes wrong.
final class Laws {
    private final TreeSet<Id<Service>> everStartFirst = new TreeSet<>();

    /// @throws BrokenLaw when the step from one state to the next breaks a law
    void check(View before, Batch batch, View after) {
        TreeSet<Id<Service>> touched = new TreeSet<>();
        for (Change change : batch.changes()) {
            if (change instanceof Change.Put(Stored<?> object)) {
                if (object instanceof Task task) {
                    touched.add(task.serviceId());
                    after.tasks().find(task.id()).ifPresent(now -> {
                        before.tasks().find(task.id()).ifPresent(then -> statesOnlyAdvance(then, now));
                        onlyAnActiveNodeIsGivenTasks(before.tasks().find(task.id()), now, after);
                    });
                } else if (object instanceof Service service) {
                    touched.add(service.id());
                    remember(service);
                }
            }
        }
        touched.forEach(service -> noSlotIsFilledTwice(service, after));
        noAddressIsGivenTwice(after);
        noPortIsGivenTwice(after);
        everyLeaseHasALivingOwner(after);
    }

    /// Nobody has an address in a network that is gone, and a removed one is not kept without anybody on it.
    private static void everyLeaseHasALivingOwner(View view) {
        for (Task task : view.tasks().all()) {
            if (!task.isEnded()) {
                task.networksAttachments().forEach(own -> leasedIn(own.network(), "task " + task.id(), view));
            }
        }
        for (Node node : view.nodes().all()) {
            node.attachments().forEach(own -> leasedIn(own.network(), "node " + node.hostname(), view));
        }
        for (Guest guest : view.guests().all()) {
            leasedIn(guest.network(), "container " + guest.container(), view);
            if (view.nodes().find(guest.node()).isEmpty()) {
                throw new BrokenLaw("every lease has a living owner: container %s has an address, its node is gone"
                        .formatted(guest.container()));
            }
        }
        for (Service service : view.services().all()) {
            service.endpoint()
                    .virtualIps()
                    .forEach(vip -> leasedIn(
                            vip.networkId(), "service " + service.spec().name(), view));
        }
        for (Network network : view.networks().all()) {
            if (network.departing() && view.tasksIn(network.id()).isEmpty()) {
                throw new BrokenLaw("every lease has a living owner: network %s is kept for nobody"
                        .formatted(network.spec().name()));
            }
        }
    }

    private static void leasedIn(Id<Network> network, String owner, View view) {
        if (view.networks().find(network).isEmpty()) {
            throw new BrokenLaw("every lease has a living owner: %s has an address in network %s, which is gone"
                    .formatted(owner, network));
        }
    }

    private void remember(Service service) {
        boolean isStartFirst = isStartFirst(service.spec())
                || service.previousSpec().filter(Laws::isStartFirst).isPresent();
        if (isStartFirst) {
            everStartFirst.add(service.id());
        }
    }

    private static boolean isStartFirst(ServiceSpec spec) {
        return spec.updateConfig()
                        .filter(config -> config.order() == ServiceSpec.Order.START_FIRST)
                        .isPresent()
                || spec.rollbackConfig()
                        .filter(config -> config.order() == ServiceSpec.Order.START_FIRST)
                        .isPresent();
    }

    private static void statesOnlyAdvance(Task then, Task now) {
        boolean goesBack = now.status().state().compareTo(then.status().state()) < 0
                || now.desiredState().compareTo(then.desiredState()) < 0;
        if (goesBack) {
            throw new BrokenLaw("states only advance: task %s was %s (wanted %s), is %s (wanted %s)"
                    .formatted(
                            now.id(),
                            then.status().state(),
                            then.desiredState(),
                            now.status().state(),
                            now.desiredState()));
        }
        Optional<Id<Node>> node = then.nodeId();
        if (node.isPresent() && !node.equals(now.nodeId())) {
            throw new BrokenLaw(
                    "a task keeps its node: task %s was on %s, is on %s".formatted(now.id(), node.get(), now.nodeId()));
        }
    }

    private static void onlyAnActiveNodeIsGivenTasks(Optional<Task> then, Task now, View after) {
        boolean isGiven = now.status().state() == TaskState.ASSIGNED
                && then.filter(Task::isAssigned).isEmpty();
        Optional<Node> node = now.nodeId().flatMap(after.nodes()::find);
        boolean isActive = node.filter(own -> own.spec().availability() == Node.Availability.ACTIVE)
                .isPresent();
        if (isGiven && !isActive) {
            throw new BrokenLaw("only an active node is given tasks: task %s is given to %s"
                    .formatted(
                            now.id(),
                            node.map(own -> own.spec().availability() + " " + own.hostname())
                                    .orElse("none")));
        }
    }

    private void noSlotIsFilledTwice(Id<Service> service, View view) {
        int most = everStartFirst.contains(service) ? 2 : 1;
        Map<String, Integer> filled = new TreeMap<>();
        for (Task task : view.tasksOf(service)) {
            if (task.isLive()) {
                String place = task.isGlobal()
                        ? task.nodeId().map(Id::value).orElse("nowhere")
                        : Integer.toString(task.origin().slot());
                if (filled.merge(place, 1, Integer::sum) > most) {
                    throw new BrokenLaw("a slot has at most %d live tasks: service %s has more in %s"
                            .formatted(most, service, place));
                }
            }
        }
    }

    private static void noAddressIsGivenTwice(View view) {
        TreeSet<String> given = new TreeSet<>();
        for (Task task : view.tasks().all()) {
            if (!task.isEnded()) {
                task.networksAttachments().forEach(own -> giveAddresses(own, given));
            }
        }
        view.guests().all().forEach(guest -> giveAddresses(guest.attachment(), given));
        for (Node node : view.nodes().all()) {
            node.attachments().forEach(own -> giveAddresses(own, given));
        }
        for (Service service : view.services().all()) {
            for (Service.VirtualIp address : service.endpoint().virtualIps()) {
                if (!address.addr().isEmpty()) {
                    give("address", address.networkId() + " " + withoutPrefix(address.addr()), given);
                }
            }
        }
        for (Network network : view.networks().all()) {
            network.allocation().ifPresent(own -> {
                give("VXLAN id", "vxlan " + own.vxlanId(), given);
                if (!network.departing()) {
                    own.subnets().forEach(subnet -> give("subnet", subnet.subnet(), given));
                }
            });
        }
    }

    private static void giveAddresses(Task.Attachment attachment, Set<String> given) {
        for (String address : attachment.addresses()) {
            give("address", attachment.network() + " " + withoutPrefix(address), given);
        }
    }

    private static String withoutPrefix(String address) {
        int slash = address.indexOf('/');
        return slash < 0 ? address : address.substring(0, slash);
    }

    private static void noPortIsGivenTwice(View view) {
        TreeSet<String> given = new TreeSet<>();
        for (Service service : view.services().all()) {
            for (PortConfig port : service.endpoint().ports()) {
                if (port.publishMode() == PortConfig.PublishMode.INGRESS) {
                    give("published port", port.protocol() + " " + port.publishedPort(), given);
                }
            }
        }
        for (Task task : view.tasks().all()) {
            boolean holds = task.isAssigned() && !task.isEnded() && task.desiredState() == TaskState.RUNNING;
            if (holds) {
                for (PortConfig port : view.revisionOf(task).hostPorts()) {
                    if (port.publishedPort() != 0) {
                        String place = task.nodeId().map(Id::value).orElse("");
                        give("host port", place + " " + port.protocol() + " " + port.publishedPort(), given);
                    }
                }
            }
        }
    }

    private static void give(String what, String value, Set<String> given) {
        if (!given.add(value)) {
            throw new BrokenLaw("no %s is given twice: %s is".formatted(what, value));
        }
    }
}
