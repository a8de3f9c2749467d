package io.panal.core.api;

import io.panal.core.api.ApiResult.Answered;
import io.panal.core.api.ApiResult.Submit;
import io.panal.core.codec.Codec;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `/services`.
final class ServiceCalls {
    private static final List<String> FILTERS = List.of("id", "label", "mode", "name", "runtime");

    private ServiceCalls() {}

    static ApiResult handle(Ask ask, List<String> path) {
        String method = ask.request().method();
        return switch (path.size()) {
            case 1 -> method.equals("GET") ? list(ask) : ask.notMine();
            case 2 ->
                switch (method) {
                    case "GET" -> inspect(ask, path.get(1));
                    case "DELETE" -> remove(ask, path.get(1));
                    case "POST" -> path.get(1).equals("create") ? create(ask) : ask.notMine();
                    default -> ask.notMine();
                };
            case 3 -> method.equals("POST") && path.get(2).equals("update") ? update(ask, path.get(1)) : ask.notMine();
            default -> ask.notMine();
        };
    }

    private static Answered list(Ask ask) {
        Filters filters = Filters.of(ask.query(), FILTERS);
        boolean defaults = ask.query().isSet("insertDefaults");
        boolean status = ask.query().isSet("status");
        return Answered.json(
                200,
                Portraits.list(ask.view().services().all().stream()
                        .filter(service -> fits(service, filters))
                        .map(service -> {
                            ObjectNode node = Portraits.service(service, defaults);
                            if (status) {
                                node.set("ServiceStatus", Portraits.serviceStatus(ask.view(), service));
                            }
                            return node;
                        })
                        .toList()));
    }

    private static boolean fits(Service service, Filters filters) {
        ServiceSpec spec = service.spec();
        String mode = switch (spec.mode()) {
            case ServiceSpec.Mode.Replicated _ -> "replicated";
            case ServiceSpec.Mode.Global _ -> "global";
            case ServiceSpec.Mode.ReplicatedJob _ -> "replicated-job";
            case ServiceSpec.Mode.GlobalJob _ -> "global-job";
        };
        return filters.prefix("id", service.id().value())
                && filters.prefix("name", spec.name())
                && filters.labels("label", spec.labels())
                && filters.exact("mode", mode)
                && filters.exact("runtime", "container");
    }

    private static Answered inspect(Ask ask, String name) {
        Service service = Lookup.service(ask.view(), name);
        return Answered.json(200, Portraits.service(service, ask.query().isSet("insertDefaults")));
    }

    private static ApiResult create(Ask ask) {
        ServiceSpec spec = spec(ask);
        ServiceRules.check(spec);
        var id = new Id<Service>(ask.freshName().get());
        return new Submit(
                new Command.CreateService(id, spec, ask.request().registryAuth()), done -> created(done.id(), done));
    }

    private static Answered created(String id, Answer.Done done) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("ID", id);
        if (!done.warnings().isEmpty()) {
            node.set("Warnings", Codec.JSON.tree(done.warnings()));
        }
        return Answered.json(201, node);
    }

    private static ApiResult update(Ask ask, String name) {
        ObjectNode tree = Bodies.object(ask.request(), ServiceSpec.class);
        long version = Bodies.version(ask.request(), "service");
        String rollback = ask.query().text("rollback").toLowerCase(Locale.ROOT);
        if (!rollback.isEmpty() && !rollback.equals("previous") && !rollback.equals("none")) {
            throw new ApiRefusal(400, "unrecognized rollback option " + rollback);
        }
        Service service = Lookup.service(ask.view(), name);
        ServiceSpec spec = SpecTrees.read(resolved(ask, tree));
        ServiceRules.check(spec);
        return new Submit(
                new Command.UpdateService(
                        service.id(),
                        version,
                        spec,
                        rollback.equals("previous"),
                        ask.request().registryAuth()),
                done -> updated(done));
    }

    private static Answered updated(Answer.Done done) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set(
                "Warnings",
                done.warnings().isEmpty() ? JsonNodeFactory.instance.nullNode() : Codec.JSON.tree(done.warnings()));
        return Answered.json(200, node);
    }

    private static ApiResult remove(Ask ask, String name) {
        Service service = Lookup.service(ask.view(), name);
        return new Submit(new Command.RemoveService(service.id()), _ -> Answered.empty(200));
    }

    private static ServiceSpec spec(Ask ask) {
        return SpecTrees.read(resolved(ask, Bodies.object(ask.request(), ServiceSpec.class)));
    }

    /// Networks may be called by name; the spec keeps their ids.
    private static ObjectNode resolved(Ask ask, ObjectNode tree) {
        for (JsonNode networks :
                List.of(tree.path("Networks"), tree.path("TaskTemplate").path("Networks"))) {
            for (JsonNode network : networks) {
                if (network instanceof ObjectNode object) {
                    String target = object.path("Target").asString("");
                    Network found = Lookup.network(ask.view(), target);
                    object.put("Target", found.id().value());
                }
            }
        }
        return tree;
    }
}
