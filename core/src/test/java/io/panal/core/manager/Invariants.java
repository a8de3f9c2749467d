package io.panal.core.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.core.model.Network;
import io.panal.core.model.PortConfig;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What holds of every state that was ever committed.
final class Invariants {
    private Invariants() {}

    static void check(View before, View after) {
        noSlotIsFilledTwice(after);
        noAddressIsGivenTwice(after);
        noPortIsGivenTwice(after);
        statesOnlyAdvance(before, after);
        nothingIsLeftBehind(after);
        everyLeaseHasALivingOwner(after);
    }

    /// Nobody has an address in a network that is gone, and none is kept that nobody is on.
    private static void everyLeaseHasALivingOwner(View view) {
        for (Task task : view.tasks().all()) {
            if (!task.isEnded()) {
                task.networksAttachments()
                        .forEach(own -> assertThat(view.networks().find(own.network()))
                                .as("the network of %s", task)
                                .isPresent());
            }
        }
        view.nodes()
                .all()
                .forEach(node -> node.attachments()
                        .forEach(own -> assertThat(view.networks()
                                        .require(own.network())
                                        .spec()
                                        .ingress())
                                .as("an address of %s", node)
                                .isTrue()));
        view.guests().all().forEach(guest -> {
            assertThat(view.networks().find(guest.network()))
                    .as("the network of %s", guest)
                    .isPresent();
            assertThat(view.nodes().find(guest.node()))
                    .as("the node of %s", guest)
                    .isPresent();
        });
        view.services()
                .all()
                .forEach(service -> service.endpoint()
                        .virtualIps()
                        .forEach(vip -> assertThat(view.networks().find(vip.networkId()))
                                .as("the network of %s", service)
                                .isPresent()));
        view.networks().all().stream()
                .filter(Network::departing)
                .forEach(network -> assertThat(view.tasksIn(network.id()))
                        .as("tasks that are still ending on %s", network)
                        .isNotEmpty());
    }

    private static void noSlotIsFilledTwice(View view) {
        Map<String, List<Task>> filled = new TreeMap<>();
        for (Task task : view.tasks().all()) {
            if (task.isLive()) {
                String place = task.isGlobal()
                        ? task.nodeId().orElseThrow().value()
                        : Integer.toString(task.origin().slot());
                filled.computeIfAbsent(task.serviceId() + "/" + place, _ -> new ArrayList<>())
                        .add(task);
            }
        }
        filled.forEach((slot, tasks) -> assertThat(tasks)
                .as("slot %s", slot)
                .hasSizeLessThanOrEqualTo(isStartFirst(tasks.getFirst(), view) ? 2 : 1));
    }

    /// A service in start-first order has two tasks in a slot during an update, and after one that changed the order.
    private static boolean isStartFirst(Task task, View view) {
        return view.services()
                .find(task.serviceId())
                .filter(service -> service.spec().name().startsWith("first"))
                .isPresent();
    }

    private static void noAddressIsGivenTwice(View view) {
        List<String> given = new ArrayList<>();
        for (Task task : view.tasks().all()) {
            if (!task.isEnded()) {
                task.networksAttachments()
                        .forEach(own -> given.add(own.network().value() + own.addresses()));
            }
        }
        view.nodes()
                .all()
                .forEach(node -> node.attachments()
                        .forEach(own -> given.add(own.network().value() + own.addresses())));
        view.guests()
                .all()
                .forEach(guest ->
                        given.add(guest.network().value() + guest.attachment().addresses()));
        for (Service service : view.services().all()) {
            service.endpoint()
                    .virtualIps()
                    .forEach(vip -> given.add(vip.networkId().value() + "[" + vip.addr() + "]"));
        }
        for (Network network : view.networks().all()) {
            network.allocation().ifPresent(own -> {
                given.add("vxlan" + own.vxlanId());
                if (!network.departing()) {
                    own.subnets().forEach(subnet -> given.add(subnet.subnet()));
                }
            });
        }
        assertThat(given).doesNotHaveDuplicates();
    }

    private static void noPortIsGivenTwice(View view) {
        List<String> given = new ArrayList<>();
        for (Service service : view.services().all()) {
            for (PortConfig port : service.endpoint().ports()) {
                given.add(port.protocol() + " " + port.publishedPort());
            }
        }
        assertThat(given).doesNotHaveDuplicates();
    }

    private static void statesOnlyAdvance(View before, View after) {
        for (Task was : before.tasks().all()) {
            after.tasks().find(was.id()).ifPresent(is -> {
                assertThat(is.status().state())
                        .isGreaterThanOrEqualTo(was.status().state());
                assertThat(is.desiredState()).isGreaterThanOrEqualTo(was.desiredState());
                was.nodeId().ifPresent(node -> assertThat(is.nodeId()).contains(node));
            });
        }
    }

    private static void nothingIsLeftBehind(View view) {
        for (Task task : view.tasks().all()) {
            assertThat(view.revisions().find(task.origin().revision()))
                    .as("the revision of %s", task)
                    .isPresent();
            if (view.services().find(task.serviceId()).isEmpty()) {
                assertThat(task.desiredState()).isEqualTo(TaskState.REMOVE);
            }
        }
    }
}
