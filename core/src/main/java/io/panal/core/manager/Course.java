package io.panal.core.manager;

import io.panal.core.manager.allocator.Allocator;
import io.panal.core.manager.control.ClusterControl;
import io.panal.core.manager.dispatcher.Dispatcher;
import io.panal.core.manager.keys.NetworkKeys;
import io.panal.core.manager.keys.Secrets;
import io.panal.core.manager.orchestrator.Services;
import io.panal.core.manager.scheduler.Scheduler;
import io.panal.core.manager.turn.Agenda;
import io.panal.core.manager.turn.Plan;
import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Cluster;
import io.panal.core.model.Config;
import io.panal.core.model.Guest;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Revision;
import io.panal.core.model.Secret;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec.Mode;
import io.panal.core.model.Stored;
import io.panal.core.model.Task;
import io.panal.core.store.Change;
import io.panal.core.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/// The loops of a turn in their order, each seeing what the one before decided.
final class Course {
    private Course() {}

    static void run(Turn turn, Agenda agenda, Dispatcher dispatcher, Secrets secrets) {
        dispatcher.reconcile(turn);
        ClusterControl.endRotation(turn);
        ClusterControl.predefine(turn);
        turn.draft().changes().forEach(change -> wake(change, turn.draft().base(), turn.view(), agenda));
        Allocator allocator = new Allocator(turn);
        allocator.networks();
        NetworkKeys.reconcile(turn, secrets);
        List<Id<Service>> asked = new ArrayList<>();
        while (!turn.isFull()) {
            Optional<Id<Service>> service = agenda.next();
            if (service.isEmpty()) {
                break;
            }
            asked.add(service.get());
            Services.reconcile(service.get(), turn, agenda);
        }
        for (Id<Service> service : asked) {
            Plan plan = allocator.service(service);
            turn.apply(plan);
            plan.askAgain().ifPresent(at -> agenda.askAgain(service, at));
        }
        allocator.tasks();
        Scheduler.reconcile(turn);
        for (Id<Node> node : touched(turn)) {
            turn.view().nodes().find(node).ifPresent(allocator::node);
        }
        allocator.departed();
    }

    /// What happened to an object wakes the services that it concerns.
    private static void wake(Change change, View before, View after, Agenda agenda) {
        switch (change) {
            case Change.Put(Stored<?> object) -> wake(object, after, agenda);
            case Change.Delete(String kind, String id) ->
                before.find(kind, id).ifPresent(former -> wake(former, before, agenda));
        }
    }

    private static void wake(Stored<?> object, View view, Agenda agenda) {
        switch (object) {
            case Service service -> agenda.wake(service.id());
            case Task task -> agenda.wake(task.serviceId());
            case Revision revision -> agenda.wake(revision.serviceId());
            case Node node -> {
                view.tasksOn(node.id()).forEach(task -> agenda.wake(task.serviceId()));
                view.services().all().stream().filter(Course::isGlobal).forEach(service -> agenda.wake(service.id()));
            }
            // A history limit, a subnet: for whoever may wait for one.
            case Cluster _, Network _ -> view.services().all().forEach(service -> agenda.wake(service.id()));
            case Secret _, Config _, Guest _ -> {}
        }
    }

    private static boolean isGlobal(Service service) {
        return switch (service.spec().mode()) {
            case Mode.Global _, Mode.GlobalJob _ -> true;
            case Mode.Replicated _, Mode.ReplicatedJob _ -> false;
        };
    }

    /// The nodes that something of the turn concerns; all of them when the ingress network comes or goes.
    private static NavigableSet<Id<Node>> touched(Turn turn) {
        NavigableSet<Id<Node>> nodes = new TreeSet<>();
        View before = turn.draft().base();
        for (Change change : turn.draft().changes()) {
            Optional<? extends Stored<?>> object = switch (change) {
                case Change.Put(Stored<?> put) -> Optional.of(put);
                case Change.Delete(String kind, String id) -> before.find(kind, id);
            };
            object.ifPresent(found -> {
                switch (found) {
                    case Task task -> task.nodeId().ifPresent(nodes::add);
                    case Node node -> nodes.add(node.id());
                    case Network _ -> turn.view().nodes().all().forEach(node -> nodes.add(node.id()));
                    case Service _, Revision _ -> {}
                    case Cluster _ -> {}
                    case Secret _, Config _, Guest _ -> {}
                }
            });
        }
        return nodes;
    }
}
