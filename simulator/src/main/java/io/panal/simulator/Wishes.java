package io.panal.simulator;

import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec.Mode;
import io.panal.core.model.Task;
import io.panal.core.model.TaskState;
import io.panal.core.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// What is to come true once nothing goes wrong any more: the cluster is as its specs say.
final class Wishes {
    private Wishes() {}

    /// @return what is not yet so; empty when everything is
    static List<String> open(Swarm swarm) {
        return open(swarm, swarm.view());
    }

    /// @param view the state that is held beside what the machines do
    static List<String> open(Swarm swarm, View view) {
        List<String> open = new ArrayList<>();
        for (Node node : view.nodes().all()) {
            if (node.status().state() != Node.State.READY) {
                open.add(
                        "node %s is %s".formatted(node.hostname(), node.status().state()));
            }
        }
        TreeSet<Id<Task>> wanted = new TreeSet<>();
        for (Service service : view.services().all()) {
            List<Task> running = running(service, view);
            running.forEach(task -> wanted.add(task.id()));
            check(service, running, view, open);
        }
        drained(view, open);
        for (Task task : view.tasks().all()) {
            if (view.services().find(task.serviceId()).isEmpty()) {
                open.add("task %s is of a service that was removed".formatted(task.id()));
            }
        }
        TreeSet<Id<Task>> really = new TreeSet<>(swarm.running());
        if (!really.equals(wanted)) {
            open.add("containers run for %s, the state says %s".formatted(really, wanted));
        }
        for (ManagerSeat seat : swarm.managers()) {
            if (seat.index() != swarm.log().length()) {
                open.add("%s has %d of %d entries"
                        .formatted(seat.machine(), seat.index(), swarm.log().length()));
            }
        }
        return open;
    }

    private static void drained(View view, List<String> open) {
        for (Node node : view.nodes().all()) {
            if (node.spec().availability() == Node.Availability.DRAIN) {
                view.tasksOn(node.id()).stream()
                        .filter(Task::isLive)
                        .forEach(task -> open.add("task %s is on a drained node".formatted(task.id())));
            }
        }
    }

    private static List<Task> running(Service service, View view) {
        return view.tasksOf(service.id()).stream()
                .filter(task -> task.isLive() && task.status().state() == TaskState.RUNNING)
                .toList();
    }

    private static void check(Service service, List<Task> running, View view, List<String> open) {
        long count = switch (service.spec().mode()) {
            case Mode.Replicated replicated -> replicated.count();
            case Mode.Global _ ->
                view.nodes().all().stream()
                        .filter(node -> node.spec().availability() == Node.Availability.ACTIVE)
                        .count();
            case Mode.ReplicatedJob _, Mode.GlobalJob _ -> 0;
        };
        long live = view.tasksOf(service.id()).stream().filter(Task::isLive).count();
        if (running.size() != count || live != count) {
            open.add("service %s has %d live tasks, %d of them running, and wants %d"
                    .formatted(service.spec().name(), live, running.size(), count));
        }
        for (Task task : running) {
            if (!view.revisionOf(task)
                    .spec()
                    .containerSpec()
                    .equals(service.spec().taskTemplate().containerSpec())) {
                open.add("task %s of %s is of an old revision"
                        .formatted(task.id(), service.spec().name()));
            }
        }
        service.updateStatus()
                .filter(status -> status.state() == Service.UpdateState.UPDATING
                        || status.state() == Service.UpdateState.ROLLBACK_STARTED)
                .ifPresent(status -> open.add(
                        "service %s is still %s".formatted(service.spec().name(), status.state())));
    }
}
