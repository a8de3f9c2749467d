package io.panal.core.api;

import io.panal.core.api.ApiResult.Answered;
import io.panal.core.api.ApiResult.Submit;
import io.panal.core.manager.allocator.Attachments;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.store.View;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `/networks`, those of the swarm.
public final class NetworkCalls {
    private static final List<String> FILTERS =
            List.of("dangling", "driver", "id", "label", "name", "scope", "type", "idOrName");

    private NetworkCalls() {}

    static ApiResult handle(Ask ask, List<String> path) {
        String method = ask.request().method();
        return switch (path.size()) {
            case 1 -> method.equals("GET") ? list(ask) : ask.notMine();
            case 2 ->
                switch (method) {
                    case "GET" -> Answered.json(200, Portraits.network(Lookup.network(ask.view(), path.get(1))));
                    case "DELETE" ->
                        new Submit(
                                new Command.RemoveNetwork(
                                        Lookup.network(ask.view(), path.get(1)).id()),
                                _ -> Answered.empty(204));
                    case "POST" -> path.get(1).equals("create") ? create(ask) : ask.notMine();
                    default -> ask.notMine();
                };
            default -> ask.notMine();
        };
    }

    private static Answered list(Ask ask) {
        Filters filters = filters(ask.query());
        return Answered.json(
                200,
                Portraits.list(ask.view().networks().all().stream()
                        .filter(network -> isShown(network, ask.view(), filters))
                        .map(Portraits::network)
                        .filter(network -> fits(network, filters))
                        .toList()));
    }

    /// Whether users see it in a list: no stand-in for one of the nodes' own, and none that was removed.
    public static boolean isShown(Network network) {
        return !network.isOfNode() && !network.departing();
    }

    /// Whether it is in a list, as far as its use is asked for.
    public static boolean isShown(Network network, View view, Filters filters) {
        return isShown(network) && (filters.all("dangling").isEmpty() || isAsAsked(filters, !isUsed(network, view)));
    }

    private static boolean isUsed(Network network, View view) {
        return network.spec().ingress()
                || !view.tasksIn(network.id()).isEmpty()
                || !view.guestsIn(network.id()).isEmpty()
                || view.services().all().stream()
                        .anyMatch(service -> Attachments.wantedBy(service, view).contains(network.id()));
    }

    /// Whether being without users is what the filters ask for.
    public static boolean isAsAsked(Filters filters, boolean dangling) {
        List<String> asked = filters.all("dangling");
        return asked.isEmpty()
                || asked.stream()
                        .anyMatch(word -> dangling
                                == List.of("1", "true", "True", "TRUE", "t", "T")
                                        .contains(word));
    }

    /// The filters of `GET /networks`.
    public static Filters filters(Query query) {
        return Filters.of(query, FILTERS);
    }

    /// Whether a network, as the API shows it, passes.
    public static boolean fits(ObjectNode network, Filters filters) {
        String name = network.path("Name").asString("");
        boolean builtIn = List.of("bridge", "host", "none").contains(name);
        Map<String, String> labels = labels(network.path("Labels"));
        return filters.prefix("id", network.path("Id").asString(""))
                && filters.part("name", name)
                && filters.exact("driver", network.path("Driver").asString(""))
                && filters.exact("scope", network.path("Scope").asString(""))
                && filters.exact("type", builtIn ? "builtin" : "custom")
                && filters.labels("label", labels);
    }

    private static Map<String, String> labels(JsonNode tree) {
        Map<String, String> labels = new TreeMap<>();
        tree.properties()
                .forEach(entry -> labels.put(entry.getKey(), entry.getValue().asString("")));
        return labels;
    }

    /// Only overlays are the swarm's; the client says so by the driver or the scope.
    static boolean isForSwarm(ObjectNode tree) {
        return tree.path("Driver").asString("").equals("overlay")
                || tree.path("Scope").asString("").equals("swarm");
    }

    private static ApiResult create(Ask ask) {
        ObjectNode tree = Bodies.object(ask.request(), Network.NetworkSpec.class);
        if (!isForSwarm(tree)) {
            return ask.notMine();
        }
        Network.NetworkSpec spec = Bodies.bind(tree, Network.NetworkSpec.class);
        if (ask.view().networkNamed(spec.name()).isPresent()) {
            throw new ApiRefusal(409, "network with name %s already exists".formatted(spec.name()));
        }
        ServiceRules.checkName(spec.name());
        var id = new Id<Network>(ask.freshName().get());
        return new Submit(new Command.CreateNetwork(id, spec), done -> {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            node.put("Id", done.id());
            node.put("Warning", "");
            return Answered.json(201, node);
        });
    }
}
