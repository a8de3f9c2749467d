package io.panal.core.manager;

import io.panal.core.manager.dispatcher.Dispatcher;
import io.panal.core.model.Cluster;
import io.panal.core.model.Config;
import io.panal.core.model.Guest;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Revision;
import io.panal.core.model.Secret;
import io.panal.core.model.Service;
import io.panal.core.model.Stored;
import io.panal.core.model.Task;
import io.panal.core.store.Batch;
import io.panal.core.store.Change;
import io.panal.core.store.Kind;
import io.panal.core.store.View;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/// Whose orders a committed batch may change.
final class Changed {
    private Changed() {}

    static Dispatcher.Concern by(Batch batch, View before, View after) {
        Collector collector = new Collector();
        for (Change change : batch.changes()) {
            switch (change) {
                case Change.Put(Stored<?> object) -> {
                    formerly(object, before, collector);
                    collector.add(object, after);
                }
                case Change.Delete(String kind, String id) ->
                    before.find(kind, id).ifPresent(former -> collector.add(former, before));
            }
        }
        return new Dispatcher.Concern(collector.nodes, collector.networks, collector.services, collector.everyNode);
    }

    private static void formerly(Stored<?> object, View before, Collector collector) {
        before.find(Kind.of(object).name(), object.id().value()).ifPresent(former -> {
            collector.add(former, before);
            collector.compare(former, object);
        });
    }

    private static final class Collector {
        private final NavigableSet<Id<Node>> nodes = new TreeSet<>();
        private final NavigableSet<Id<Network>> networks = new TreeSet<>();
        private final NavigableSet<Id<Service>> services = new TreeSet<>();
        private boolean everyNode;

        void add(Stored<?> object, View view) {
            switch (object) {
                case Task task -> {
                    task.nodeId().ifPresent(nodes::add);
                    services.add(task.serviceId());
                    networksOf(task.networksAttachments());
                }
                case Node node -> {
                    nodes.add(node.id());
                    networksOf(node.attachments());
                }
                case Guest guest -> {
                    nodes.add(guest.node());
                    networks.add(guest.network());
                }
                case Service service -> {
                    services.add(service.id());
                    service.endpoint().virtualIps().forEach(vip -> networks.add(vip.networkId()));
                    for (Task task : view.tasksOf(service.id())) {
                        add(task, view);
                    }
                }
                case Network network -> networks.add(network.id());
                case Revision revision -> view.tasksFrom(revision.id()).forEach(task -> add(task, view));
                case Cluster _ -> everyNode = true;
                // Their bytes never change, and none goes while a service names it.
                case Secret _, Config _ -> {}
            }
        }

        /// A manager that is reached elsewhere, or is one no more, is told to all.
        void compare(Stored<?> former, Stored<?> next) {
            if (former instanceof Node one
                    && next instanceof Node other
                    && !one.managerAddress().equals(other.managerAddress())) {
                everyNode = true;
            }
        }

        private void networksOf(List<Task.Attachment> attachments) {
            attachments.forEach(attachment -> networks.add(attachment.network()));
        }
    }
}
