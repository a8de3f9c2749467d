package io.panal.core.api;

import io.panal.core.codec.Codec;
import io.panal.core.store.View;
import java.util.List;
import java.util.function.Supplier;

/// Answers a request from the cluster's state, or makes a command of it.
public final class ClusterApi {
    private static final List<String> CLUSTER_ROOTS =
            List.of("swarm", "nodes", "services", "tasks", "secrets", "configs");
    private static final List<String> HOST_SWARM_CALLS = List.of("init", "join", "leave", "unlock");

    private final Supplier<String> freshName;
    private final KeyMaker keys;

    /// @param freshName gives a name that no object has yet: 25 characters of base 36, from a source nobody can guess
    public ClusterApi(Supplier<String> freshName, KeyMaker keys) {
        this.freshName = freshName;
        this.keys = keys;
    }

    /// Whether the request is for the cluster half alone: anywhere but on a manager it is refused.
    public static boolean isClusters(ApiRequest request) {
        List<String> path = request.segments();
        boolean hosts = path.size() == 2 && path.getFirst().equals("swarm") && HOST_SWARM_CALLS.contains(path.get(1));
        return CLUSTER_ROOTS.contains(path.getFirst()) && !hosts;
    }

    /// @param view the state, at least as new as what the client may already know
    /// @param standing what this node is in the swarm
    public ApiResult handle(ApiRequest request, View view, Standing standing) {
        return switch (standing) {
            case Standing.Manager manager -> answered(new Ask(request, view, manager, freshName, keys));
            case Standing.Outside _, Standing.Worker _, Standing.Locked _ ->
                isClusters(request)
                        ? ApiResult.Answered.refused(503, standing.refusal().orElseThrow())
                        : new ApiResult.NotMine();
        };
    }

    private static ApiResult answered(Ask ask) {
        List<String> path = ask.request().segments();
        try {
            return switch (path.getFirst()) {
                case "swarm" -> SwarmCalls.handle(ask, path);
                case "nodes" -> NodeCalls.handle(ask, path);
                case "services" -> ServiceCalls.handle(ask, path);
                case "tasks" -> TaskCalls.handle(ask, path);
                case "secrets" -> SecretCalls.secrets(ask, path);
                case "configs" -> SecretCalls.configs(ask, path);
                case "networks" -> NetworkCalls.handle(ask, path);
                default -> ask.notMine();
            };
        } catch (ApiRefusal refusal) {
            return refusal.answer();
        } catch (Codec.Malformed malformed) {
            return ApiResult.Answered.refused(400, String.valueOf(malformed.getMessage()));
        }
    }
}
