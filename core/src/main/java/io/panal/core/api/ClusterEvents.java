package io.panal.core.api;

import io.panal.core.model.Cluster;
import io.panal.core.model.Config;
import io.panal.core.model.Guest;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Revision;
import io.panal.core.model.Secret;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec;
import io.panal.core.model.Stored;
import io.panal.core.model.Task;
import io.panal.core.store.Batch;
import io.panal.core.store.Change;
import io.panal.core.store.Kind;
import io.panal.core.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What users hear of a batch. Tasks make no events of their own in Docker.
public final class ClusterEvents {
    private ClusterEvents() {}

    /// @param before the state that the batch was applied to
    /// @return in the order of the changes
    public static List<ClusterEvent> of(View before, Batch batch) {
        List<ClusterEvent> events = new ArrayList<>();
        Map<String, Stored<?>> former = new TreeMap<>();
        for (Change change : batch.changes()) {
            switch (change) {
                case Change.Put(Stored<?> object) -> {
                    Optional<Stored<?>> old = put(former, before, object);
                    told(object, old)
                            .ifPresent(attributes -> events.add(new ClusterEvent(
                                    Kind.of(object).name(),
                                    action(object, old),
                                    object.id().value(),
                                    attributes,
                                    batch.at())));
                }
                case Change.Delete(String kind, String id) -> {
                    Optional<Stored<?>> old = take(former, before, Kind.of(kind), id);
                    old.filter(object -> !(object instanceof Network network && network.departing()))
                            .flatMap(object -> told(object, Optional.empty()))
                            .ifPresent(attributes ->
                                    events.add(new ClusterEvent(kind, "remove", id, attributes, batch.at())));
                }
            }
        }
        return events;
    }

    /// A network goes when its user removes it, whoever is still ending on it.
    private static String action(Stored<?> object, Optional<Stored<?>> old) {
        boolean isRemoved = object instanceof Network network && network.departing();
        return isRemoved ? "remove" : old.isPresent() ? "update" : "create";
    }

    private static Optional<Stored<?>> put(Map<String, Stored<?>> former, View before, Stored<?> object) {
        Kind<?> kind = Kind.of(object);
        Optional<Stored<?>> old = take(former, before, kind, object.id().value());
        former.put(kind.name() + "/" + object.id(), object);
        return old;
    }

    private static Optional<Stored<?>> take(Map<String, Stored<?>> former, View before, Kind<?> kind, String id) {
        Stored<?> changed = former.remove(kind.name() + "/" + id);
        return changed != null ? Optional.of(changed) : find(before, kind, id);
    }

    private static <T extends Stored<T>> Optional<Stored<?>> find(View before, Kind<T> kind, String id) {
        return before.table(kind).find(new Id<>(id)).map(object -> object);
    }

    /// Empty for what users do not hear of.
    private static Optional<Map<String, String>> told(Stored<?> object, Optional<Stored<?>> old) {
        Map<String, String> told = new TreeMap<>();
        switch (object) {
            case Cluster _, Revision _, Task _, Guest _ -> {
                return Optional.empty();
            }
            case Node node -> {
                told.put("name", node.hostname());
                old.ifPresent(former -> compare(told, (Node) former, node));
            }
            case Service service -> {
                told.put("name", service.spec().name());
                old.ifPresent(former -> compare(told, (Service) former, service));
            }
            case Network network -> {
                if (old.filter(former -> isUnchanged((Network) former, network)).isPresent()) {
                    return Optional.empty();
                }
                told.put("name", network.spec().name());
            }
            case Secret secret -> told.put("name", secret.spec().name());
            case Config config -> told.put("name", config.spec().name());
        }
        return Optional.of(told);
    }

    /// Of a rotation of keys nobody is to hear.
    private static boolean isUnchanged(Network old, Network network) {
        return old.spec().equals(network.spec())
                && old.allocation().equals(network.allocation())
                && old.departing() == network.departing();
    }

    private static void compare(Map<String, String> told, Node old, Node node) {
        pair(told, "state", old.status().state().word(), node.status().state().word());
        pair(
                told,
                "availability",
                old.spec().availability().word(),
                node.spec().availability().word());
        pair(told, "role", old.spec().role().word(), node.spec().role().word());
    }

    private static void compare(Map<String, String> told, Service old, Service service) {
        pair(told, "replicas", replicas(old), replicas(service));
        pair(told, "image", image(old), image(service));
        // An update that is forgotten by the next change of the service ends in no state.
        if (service.updateStatus().isPresent()) {
            pair(told, "updatestate", updateState(old), updateState(service));
        }
    }

    private static String replicas(Service service) {
        return service.spec().mode() instanceof ServiceSpec.Mode.Replicated replicated
                ? String.valueOf(replicated.count())
                : "";
    }

    private static String image(Service service) {
        return service.spec()
                .taskTemplate()
                .containerSpec()
                .map(spec -> spec.image())
                .orElse("");
    }

    private static String updateState(Service service) {
        return service.updateStatus().map(status -> status.state().word()).orElse("");
    }

    private static void pair(Map<String, String> told, String what, String old, String now) {
        if (!old.equals(now)) {
            if (!old.isEmpty()) {
                told.put(what + ".old", old);
            }
            if (!now.isEmpty()) {
                told.put(what + ".new", now);
            }
        }
    }
}
