package io.panal.core.api;

import io.panal.core.api.ApiResult.Answered;
import io.panal.core.api.ApiResult.Submit;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Node;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// `/nodes`.
final class NodeCalls {
    private static final List<String> FILTERS = List.of("id", "label", "membership", "name", "node.label", "role");

    private NodeCalls() {}

    static ApiResult handle(Ask ask, List<String> path) {
        String method = ask.request().method();
        return switch (path.size()) {
            case 1 -> method.equals("GET") ? list(ask) : ask.notMine();
            case 2 ->
                switch (method) {
                    case "GET" ->
                        Answered.json(200, Portraits.node(Lookup.node(ask.view(), path.get(1)), ask.standing()));
                    case "DELETE" -> remove(ask, path.get(1));
                    default -> ask.notMine();
                };
            case 3 -> method.equals("POST") && path.get(2).equals("update") ? update(ask, path.get(1)) : ask.notMine();
            default -> ask.notMine();
        };
    }

    private static Answered list(Ask ask) {
        Filters filters = Filters.of(ask.query(), FILTERS);
        refuseOthers(filters, "role", List.of("manager", "worker"));
        refuseOthers(filters, "membership", List.of("accepted", "pending"));
        return Answered.json(
                200,
                Portraits.list(ask.view().nodes().all().stream()
                        .filter(node -> fits(node, filters))
                        .map(node -> Portraits.node(node, ask.standing()))
                        .toList()));
    }

    private static void refuseOthers(Filters filters, String key, List<String> words) {
        for (String value : filters.all(key)) {
            if (!words.contains(value)) {
                throw new ApiRefusal(400, "Invalid %s filter: '%s'".formatted(key, value));
            }
        }
    }

    private static boolean fits(Node node, Filters filters) {
        Map<String, String> engine = node.description()
                .map(description -> description.engine().labels())
                .orElse(Map.of());
        return filters.prefix("id", node.id().value())
                && filters.prefix("name", node.hostname())
                && filters.labels("label", engine)
                && filters.labels("node.label", node.spec().labels())
                && filters.exact("role", node.spec().role().word())
                && filters.exact("membership", "accepted");
    }

    private static ApiResult update(Ask ask, String name) {
        ObjectNode tree = Bodies.object(ask.request(), Node.NodeSpec.class);
        long version = Bodies.version(ask.request(), "node");
        word(tree, "Role", List.of("worker", "manager"));
        word(tree, "Availability", List.of("active", "pause", "drain"));
        Node node = Lookup.node(ask.view(), name);
        Node.NodeSpec spec = Bodies.bind(tree, Node.NodeSpec.class);
        return new Submit(new Command.UpdateNode(node.id(), version, spec), _ -> Answered.empty(200));
    }

    private static void word(ObjectNode tree, String key, List<String> words) {
        String word = tree.path(key).asString("");
        if (!words.contains(word)) {
            throw new ApiRefusal(400, "invalid %s: \"%s\"".formatted(key, word));
        }
    }

    private static ApiResult remove(Ask ask, String name) {
        Node node = Lookup.node(ask.view(), name);
        return new Submit(new Command.RemoveNode(node.id(), ask.query().isSet("force")), _ -> Answered.empty(200));
    }
}
