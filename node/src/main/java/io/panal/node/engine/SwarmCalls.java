package io.panal.node.engine;

import io.panal.core.codec.Codec;
import io.panal.core.model.Cluster;
import io.panal.node.http.Call;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `/swarm/init`, `join`, `leave` and `unlock`: what this node does, rather than the swarm.
final class SwarmCalls {
    private static final int DEFAULT_SUBNET = 24;
    private static final int ADDRESS_BITS = 32;
    private static final Pattern POOL = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}/(\\d{1,2})");
    private static final int LEAST_DATA_PATH_PORT = 1024;
    private static final int LAST_DATA_PATH_PORT = 49_151;
    private static final Duration LEAST_EXPIRY = Duration.ofHours(1);
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
        int asked = body.path("SubnetSize").asInt(0);
        int subnet = asked == 0 ? DEFAULT_SUBNET : asked;
        String id = swarm.init(new Swarm.Init(
                text(body, "ListenAddr"),
                text(body, "AdvertiseAddr"),
                new Swarm.DataPath(text(body, "DataPathAddr"), dataPathPort(body)),
                pools(body, subnet),
                subnet,
                body.path("ForceNewCluster").asBoolean(false),
                availability(body),
                spec(body)));
        Replies.json(call, 200, id);
    }

    private static List<String> pools(ObjectNode body, int subnet) throws Refusal {
        if (subnet < 0 || subnet > ADDRESS_BITS) {
            throw new Refusal(400, "subnet size is out of range: %d".formatted(subnet));
        }
        List<String> pools = texts(body.path("DefaultAddrPool"));
        for (String pool : pools) {
            Matcher parts = POOL.matcher(pool.strip());
            if (!parts.matches() || Integer.parseInt(parts.group(1)) > ADDRESS_BITS) {
                throw new Refusal(400, "invalid base pool %s: invalid CIDR address: %s".formatted(pool, pool));
            }
            if (Integer.parseInt(parts.group(1)) > subnet) {
                throw new Refusal(
                        400, "invalid CIDR: \"%s\". Subnet size is too small for pool: %d".formatted(pool, subnet));
            }
        }
        return pools;
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
            return Optional.of(usable(Codec.JSON.bind(whole, Cluster.ClusterSpec.class)));
        } catch (Codec.Malformed malformed) {
            throw new Refusal(400, "invalid Spec: " + malformed.getMessage());
        }
    }

    private static Cluster.ClusterSpec usable(Cluster.ClusterSpec spec) throws Refusal {
        if (!spec.caConfig().externalCas().isEmpty()) {
            throw new Refusal(501, "external certificate authorities are not supported");
        }
        if (spec.caConfig()
                .nodeCertExpiry()
                .filter(expiry -> expiry.compareTo(LEAST_EXPIRY) < 0)
                .isPresent()) {
            throw new Refusal(
                    400, "rpc error: code = InvalidArgument desc = minimum certificate expiry time is: 1h0m0s");
        }
        return spec;
    }

    /// @return 0 when the client says nothing
    private static int dataPathPort(ObjectNode body) throws Refusal {
        int port = body.path("DataPathPort").asInt(0);
        if (port != 0 && (port < LEAST_DATA_PATH_PORT || port > LAST_DATA_PATH_PORT)) {
            throw new Refusal(
                    400,
                    "Datapath port number is not in valid range (%d-%d) : %d"
                            .formatted(LEAST_DATA_PATH_PORT, LAST_DATA_PATH_PORT, port));
        }
        return port;
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
