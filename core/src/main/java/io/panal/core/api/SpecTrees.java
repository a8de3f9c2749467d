package io.panal.core.api;

import io.panal.core.codec.Codec;
import io.panal.core.model.ServiceSpec;
import io.panal.core.model.TaskSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A service's spec between what clients write and what the model holds (moby, daemon/cluster/convert/service.go).
final class SpecTrees {
    private static final List<String> MOUNT_TYPES = List.of("bind", "volume", "tmpfs", "npipe", "cluster", "image");

    private SpecTrees() {}

    /// Checks the words in a client's tree, fills in what docker fills in, and reads it.
    static ServiceSpec read(ObjectNode tree) {
        ObjectNode task = child(tree, "TaskTemplate").orElseThrow(SpecTrees::mismatched);
        ObjectNode container = child(task, "ContainerSpec").orElseThrow(SpecTrees::mismatched);
        String runtime = task.path("Runtime").asString("");
        if (!runtime.isEmpty() && !runtime.equals("container")) {
            throw new ApiRefusal(
                    501, "rpc error: code = Unimplemented desc = RuntimeSpec: unimplemented runtime in service spec");
        }
        task.put("Runtime", "container");
        if (container.path("Isolation").asString("").isEmpty()) {
            container.put("Isolation", "default");
        }
        checkWords(tree, task, container);
        settleMode(tree);
        child(tree, "EndpointSpec").ifPresent(endpoint -> absent(endpoint, "Mode", "vip"));
        return Bodies.bind(tree, ServiceSpec.class);
    }

    private static ApiRefusal mismatched() {
        return new ApiRefusal(400, "mismatched Runtime and *Spec fields");
    }

    private static void checkWords(ObjectNode tree, ObjectNode task, ObjectNode container) {
        for (JsonNode mount : container.path("Mounts")) {
            word(mount, "Type", MOUNT_TYPES, "invalid MountType: \"%s\"");
        }
        word(
                task.path("RestartPolicy"),
                "Condition",
                List.of("none", "on-failure", "any"),
                "invalid RestartCondition: \"%s\"");
        for (String update : List.of("UpdateConfig", "RollbackConfig")) {
            word(
                    tree.path(update),
                    "FailureAction",
                    List.of("pause", "continue", "rollback"),
                    "unrecognized update failure action %s");
            word(tree.path(update), "Order", List.of("stop-first", "start-first"), "unrecognized update order %s");
        }
        JsonNode endpoint = tree.path("EndpointSpec");
        word(endpoint, "Mode", List.of("vip", "dnsrr"), "invalid ResolutionMode: \"%s\"");
        for (JsonNode port : endpoint.path("Ports")) {
            word(port, "Protocol", List.of("tcp", "udp", "sctp"), "invalid protocol: \"%s\"");
            word(port, "PublishMode", List.of("ingress", "host"), "invalid PublishMode: \"%s\"");
        }
    }

    private static void word(JsonNode node, String key, List<String> words, String refusal) {
        String word = node.path(key).asString("");
        if (!word.isEmpty() && !words.contains(word)) {
            throw new ApiRefusal(400, refusal.formatted(word));
        }
    }

    private static void settleMode(ObjectNode tree) {
        ObjectNode mode = child(tree, "Mode").orElseGet(() -> tree.putObject("Mode"));
        mode.properties().stream()
                .filter(entry -> entry.getValue().isNull())
                .map(Map.Entry::getKey)
                .toList()
                .forEach(mode::remove);
        if (mode.size() > 1) {
            throw new ApiRefusal(400, "must specify only one service mode");
        }
        if (mode.isEmpty()) {
            mode.putObject("Replicated");
        }
        child(mode, "Replicated").ifPresent(replicated -> absent(replicated, "Replicas", 1));
        // Docker's clients read both without asking whether they are there.
        child(mode, "ReplicatedJob").ifPresent(job -> {
            absent(job, "MaxConcurrent", 1);
            absent(job, "TotalCompletions", job.path("MaxConcurrent"));
        });
    }

    private static Optional<ObjectNode> child(ObjectNode tree, String key) {
        return tree.path(key) instanceof ObjectNode found ? Optional.of(found) : Optional.empty();
    }

    private static ObjectNode grown(ObjectNode tree, String key) {
        return child(tree, key).orElseGet(() -> tree.putObject(key));
    }

    private static void absent(ObjectNode tree, String key, Object value) {
        if (tree.path(key).isMissingNode() || tree.path(key).isNull()) {
            tree.set(key, Codec.JSON.tree(value));
        }
    }

    /// The spec with what its gaps mean (`insertDefaults=true`).
    static ObjectNode withDefaults(ServiceSpec spec) {
        ObjectNode tree = (ObjectNode) Codec.JSON.tree(spec);
        ObjectNode task = grown(tree, "TaskTemplate");
        ObjectNode container = grown(task, "ContainerSpec");
        absent(container, "StopGracePeriod", Duration.ofSeconds(10));
        absent(container, "DNSConfig", Map.of());
        fill(grown(task, "RestartPolicy"), Codec.JSON.tree(TaskSpec.DEFAULT_RESTART));
        fill(grown(tree, "UpdateConfig"), Codec.JSON.tree(ServiceSpec.DEFAULT_UPDATE));
        fill(grown(tree, "RollbackConfig"), Codec.JSON.tree(ServiceSpec.DEFAULT_UPDATE));
        absent(grown(tree, "EndpointSpec"), "Mode", "vip");
        // What was filled in stands last; a spec's own order is Docker's.
        return (ObjectNode) Codec.JSON.tree(Codec.JSON.bind(tree, ServiceSpec.class));
    }

    private static void fill(ObjectNode tree, JsonNode defaults) {
        for (Map.Entry<String, JsonNode> entry : defaults.properties()) {
            absent(tree, entry.getKey(), entry.getValue());
        }
    }
}
