package io.panal.node.engine;

import io.panal.core.codec.Codec;
import io.panal.core.model.Cluster;
import io.panal.node.http.Call;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `/swarm/init`, `join`, `leave` and `unlock`: what this node does, rather than the swarm.
final class SwarmCalls {
    private static final int DEFAULT_SUBNET = 24;
    private static final List<String> AVAILABILITIES = List.of("", "active", "pause", "drain");

    private final Swarm swarm;

    SwarmCalls(Swarm swarm) {
        this.swarm = swarm;
    }

    void routes(Router router) {
        router.on("POST", "/swarm/init", this::init)
                .on("POST", "/swarm/join", this::join)
                .on("POST", "/swarm/leave", this::leave)
                .on("POST", "/swarm/unlock", this::unlock);
    }

    private void init(Call call) throws IOException {
        ObjectNode body = Replies.body(call);
        int subnet = body.path("SubnetSize").asInt(0);
        String id = swarm.init(new Swarm.Init(
                text(body, "ListenAddr"),
                text(body, "AdvertiseAddr"),
                new Swarm.DataPath(
                        text(body, "DataPathAddr"), body.path("DataPathPort").asInt(0)),
                texts(body.path("DefaultAddrPool")),
                subnet == 0 ? DEFAULT_SUBNET : subnet,
                body.path("ForceNewCluster").asBoolean(false),
                availability(body),
                spec(body)));
        Replies.json(call, 200, id);
    }

    /// Clients send a spec of zeros when nothing was asked for; only what was given counts.
    private static Optional<Cluster.ClusterSpec> spec(ObjectNode body) throws Refusal {
        if (!(body.path("Spec") instanceof ObjectNode asked)) {
            return Optional.empty();
        }
        ObjectNode whole = (ObjectNode) Codec.JSON.tree(Cluster.ClusterSpec.DEFAULT);
        overlay(whole, asked);
        if (body.path("AutoLockManagers").asBoolean(false)) {
            whole.putObject("EncryptionConfig").put("AutoLockManagers", true);
        }
        try {
            return Optional.of(Codec.JSON.bind(whole, Cluster.ClusterSpec.class));
        } catch (Codec.Malformed malformed) {
            throw new Refusal(400, "invalid Spec: " + malformed.getMessage());
        }
    }

    private static void overlay(ObjectNode whole, ObjectNode asked) {
        asked.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            if (value instanceof ObjectNode inner && whole.path(entry.getKey()) instanceof ObjectNode former) {
                overlay(former, inner);
            } else if (!value.isNull()
                    && !(value.isNumber() && value.asLong() == 0)
                    && !value.asString("x").isEmpty()) {
                whole.set(entry.getKey(), value);
            }
        });
    }

    private void join(Call call) throws IOException {
        ObjectNode body = Replies.body(call);
        swarm.join(new Swarm.Join(
                text(body, "ListenAddr"),
                text(body, "AdvertiseAddr"),
                text(body, "DataPathAddr"),
                texts(body.path("RemoteAddrs")),
                text(body, "JoinToken"),
                availability(body)));
        Replies.empty(call, 200);
    }

    private void leave(Call call) throws IOException {
        swarm.leave(call.query().isSet("force"));
        Replies.empty(call, 200);
    }

    private void unlock(Call call) throws IOException {
        swarm.unlock(text(Replies.body(call), "UnlockKey"));
        Replies.empty(call, 200);
    }

    private static String availability(ObjectNode body) throws Refusal {
        String word = text(body, "Availability");
        if (!AVAILABILITIES.contains(word)) {
            throw new Refusal(400, "invalid Availability: \"%s\"".formatted(word));
        }
        return word.isEmpty() ? "active" : word;
    }

    private static String text(ObjectNode body, String key) {
        return body.path(key).asString("");
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(node -> node.asString("")).toList();
    }
}
