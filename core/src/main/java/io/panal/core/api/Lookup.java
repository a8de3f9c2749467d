package io.panal.core.api;

import io.panal.core.model.Config;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Secret;
import io.panal.core.model.Service;
import io.panal.core.model.Stored;
import io.panal.core.model.Task;
import io.panal.core.store.Table;
import io.panal.core.store.View;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Finds an object by what a user calls it: its id, else its name, else the beginning of its id.
public final class Lookup {
    private Lookup() {}

    /// @throws ApiRefusal when there is none, or more than one
    public static Service service(View view, String name) {
        return require(
                "service", view.services(), name, service -> service.spec().name());
    }

    /// @throws ApiRefusal when there is none, or more than one
    public static Node node(View view, String name) {
        return require("node", view.nodes(), name, Node::hostname);
    }

    /// @throws ApiRefusal when there is none, or more than one
    public static Task task(View view, String name) {
        return require("task", view.tasks(), name, task -> Portraits.name(view, task));
    }

    static Secret secret(View view, String name) {
        return require("secret", view.secrets(), name, secret -> secret.spec().name());
    }

    static Config config(View view, String name) {
        return require("config", view.configs(), name, config -> config.spec().name());
    }

    static Network network(View view, String name) {
        return networkCalled(view, name).orElseThrow(() -> ApiRefusal.missing("network", name));
    }

    /// A swarm network by its id, name or the beginning of its id; empty when there is none, or more than one.
    public static Optional<Network> networkCalled(View view, String name) {
        List<Network> found = candidates(
                        view.networks(), name, network -> network.spec().name())
                .stream()
                .filter(network -> !network.departing())
                .toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    private static <T extends Stored<T>> T require(
            String kind, Table<T> table, String name, Function<T, String> nameOf) {
        List<T> found = candidates(table, name, nameOf);
        if (found.isEmpty()) {
            throw ApiRefusal.missing(kind, name);
        }
        if (found.size() > 1) {
            throw new ApiRefusal(400, "%s %s is ambiguous (%d matches found)".formatted(kind, name, found.size()));
        }
        return found.getFirst();
    }

    private static <T extends Stored<T>> List<T> candidates(Table<T> table, String name, Function<T, String> nameOf) {
        if (name.isEmpty()) {
            return List.of();
        }
        Optional<T> own = table.find(new Id<>(name));
        if (own.isPresent()) {
            return List.of(own.get());
        }
        List<T> named = table.all().stream()
                .filter(object -> nameOf.apply(object).equals(name))
                .toList();
        return named.isEmpty()
                ? table.all().stream()
                        .filter(object -> object.id().value().startsWith(name))
                        .toList()
                : named;
    }
}
