package io.panal.core.api;

import io.panal.core.api.ApiResult.Answered;
import io.panal.core.api.ApiResult.Submit;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Cluster;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// `/swarm` once there is one; init, join, leave and unlock are the host's.
final class SwarmCalls {
    private static final Duration LEAST_EXPIRY = Duration.ofHours(1);

    private SwarmCalls() {}

    static ApiResult handle(Ask ask, List<String> path) {
        return switch (ask.request().method() + " " + String.join("/", path)) {
            case "GET swarm" -> Answered.json(200, Portraits.clusterWithTokens(cluster(ask)));
            case "GET swarm/unlockkey" -> Answered.json(200, Portraits.pair("UnlockKey", ""));
            case "POST swarm/update" -> update(ask);
            default -> ask.notMine();
        };
    }

    private static Cluster cluster(Ask ask) {
        return ask.view().cluster().orElseThrow(() -> ApiRefusal.missing("cluster", "default"));
    }

    private static ApiResult update(Ask ask) {
        ObjectNode tree = Bodies.object(ask.request(), Cluster.ClusterSpec.class);
        long version = Bodies.version(ask.request(), "swarm");
        Cluster cluster = cluster(ask);
        // What the client leaves out stays as it is.
        ObjectNode whole = (ObjectNode) Portraits.cluster(cluster).path("Spec");
        merge(whole, tree);
        Cluster.ClusterSpec spec = Bodies.bind(whole, Cluster.ClusterSpec.class);
        if (spec.caConfig()
                .nodeCertExpiry()
                .filter(expiry -> expiry.compareTo(LEAST_EXPIRY) < 0)
                .isPresent()) {
            throw ApiRefusal.invalid("minimum certificate expiry time is: 1h0m0s");
        }
        Cluster.JoinTokens present = cluster.authority().joinTokens();
        var fresh = new Cluster.JoinTokens(
                ask.query().isSet("rotateWorkerToken") ? rotated(present.worker(), ask) : "",
                ask.query().isSet("rotateManagerToken") ? rotated(present.manager(), ask) : "");
        return new Submit(new Command.UpdateCluster(version, spec, fresh), _ -> Answered.empty(200));
    }

    private static void merge(ObjectNode whole, ObjectNode changes) {
        changes.properties().forEach(entry -> {
            if (entry.getValue() instanceof ObjectNode inner
                    && whole.path(entry.getKey()) instanceof ObjectNode former
                    && !entry.getKey().equals("Labels")) {
                merge(former, inner);
            } else if (!entry.getValue().isNull()) {
                whole.set(entry.getKey(), entry.getValue());
            }
        });
    }

    /// A token keeps the digest of the swarm's CA; its last part, 25 characters of base 36, is the secret.
    private static String rotated(String token, Ask ask) {
        return token.substring(0, token.lastIndexOf('-') + 1) + ask.freshName().get();
    }
}
