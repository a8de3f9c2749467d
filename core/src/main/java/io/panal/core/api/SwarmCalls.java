package io.panal.core.api;

import io.panal.core.api.ApiResult.Answered;
import io.panal.core.api.ApiResult.Submit;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Cluster;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// `/swarm` once there is one; init, join, leave and unlock are the host's.
final class SwarmCalls {
    private static final Duration LEAST_EXPIRY = Duration.ofHours(1);

    private SwarmCalls() {}

    static ApiResult handle(Ask ask, List<String> path) {
        return switch (ask.request().method() + " " + String.join("/", path)) {
            case "GET swarm" -> Answered.json(200, Portraits.clusterWithTokens(cluster(ask)));
            case "GET swarm/unlockkey" ->
                Answered.json(
                        200,
                        Portraits.pair("UnlockKey", cluster(ask).unlockKey().orElse("")));
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
        String certificate = taken(tree, "SigningCACert");
        String key = taken(tree, "SigningCAKey");
        merge(whole, tree);
        Cluster.ClusterSpec spec = Bodies.bind(whole, Cluster.ClusterSpec.class);
        if (spec.caConfig()
                .nodeCertExpiry()
                .filter(expiry -> expiry.compareTo(LEAST_EXPIRY) < 0)
                .isPresent()) {
            throw ApiRefusal.invalid("minimum certificate expiry time is: 1h0m0s");
        }
        Cluster.JoinTokens present = cluster.authority().joinTokens();
        var fresh = new Command.FreshKeys(
                new Cluster.JoinTokens(
                        ask.query().isSet("rotateWorkerToken") ? rotated(present.worker(), ask) : "",
                        ask.query().isSet("rotateManagerToken") ? rotated(present.manager(), ask) : ""),
                rotation(ask, cluster, spec, certificate, key),
                unlockKey(ask, cluster, spec));
        return new Submit(new Command.UpdateCluster(version, spec, fresh), _ -> Answered.empty(200));
    }

    /// Takes out of the settings what is a secret, so that it is neither kept nor shown with them.
    private static String taken(ObjectNode tree, String name) {
        if (tree.path("CAConfig") instanceof ObjectNode authority) {
            String text = authority.path(name).asString("");
            authority.remove(name);
            return text;
        }
        return "";
    }

    private static Optional<Cluster.Rotation> rotation(
            Ask ask, Cluster cluster, Cluster.ClusterSpec spec, String certificate, String key) {
        if (!spec.caConfig().externalCas().isEmpty()) {
            throw new ApiRefusal(501, "external certificate authorities are not supported");
        }
        if (certificate.isEmpty() && !key.isEmpty()) {
            throw ApiRefusal.invalid("if a signing CA key is provided, the signing CA cert must also be provided");
        }
        if (key.isEmpty() && !certificate.isEmpty()) {
            throw ApiRefusal.invalid("the signing CA cert needs its key: external CAs are not supported");
        }
        boolean isForced =
                spec.caConfig().forceRotate() != cluster.spec().caConfig().forceRotate();
        return isForced || !certificate.isEmpty()
                ? Optional.of(ask.keys().rotation(cluster.authority(), certificate, key))
                : Optional.empty();
    }

    private static Optional<String> unlockKey(Ask ask, Cluster cluster, Cluster.ClusterSpec spec) {
        boolean isAsked = ask.query().isSet("rotateManagerUnlockKey")
                || cluster.unlockKey().isEmpty();
        return spec.encryptionConfig().autoLockManagers() && isAsked
                ? Optional.of(ask.keys().unlockKey())
                : Optional.empty();
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
