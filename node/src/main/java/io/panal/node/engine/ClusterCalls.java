package io.panal.node.engine;

import io.panal.core.api.ApiRequest;
import io.panal.core.api.ApiResult;
import io.panal.core.api.ClusterApi;
import io.panal.core.api.Standing;
import io.panal.core.codec.Codec;
import io.panal.core.store.View;
import io.panal.node.http.Call;
import io.panal.node.http.Router;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import tools.jackson.databind.node.ObjectNode;

/// Hands the cluster's requests to [ClusterApi], and its commands to the leader.
final class ClusterCalls {
    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int NAME_LENGTH = 25;

    private final Swarm swarm;
    private final SecureRandom random = new SecureRandom();
    private final ClusterApi api;

    ClusterCalls(Swarm swarm) {
        this.swarm = swarm;
        api = new ClusterApi(this::freshName, swarm.keys());
    }

    private String freshName() {
        var name = new StringBuilder(NAME_LENGTH);
        for (int i = 0; i < NAME_LENGTH; i++) {
            name.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
        return name.toString();
    }

    /// Answers what no route of the host does.
    void otherwise(Call call) throws IOException {
        ApiRequest request = request(call, "");
        if (ClusterApi.isClusters(request)) {
            answer(call, request(call, Replies.text(call)));
        } else {
            Router.notFound(call);
        }
    }

    /// Answers a request that both halves may have a part in.
    ///
    /// @param body already read
    void answer(Call call, String body) throws IOException {
        answer(call, request(call, body));
    }

    private void answer(Call call, ApiRequest request) throws IOException {
        Standing asked = swarm.standing();
        boolean isManager = asked instanceof Standing.Manager;
        View view = isManager ? swarm.view() : View.EMPTY;
        // The view may have been waited for: a manager that was just unlocked hears only then who leads.
        Standing standing = isManager ? swarm.standing() : asked;
        switch (api.handle(named(request, view), view, standing)) {
            case ApiResult.Answered answered -> Replies.answer(call, answered);
            case ApiResult.Submit submit -> Replies.answer(call, submit.outcome(swarm.submit(submit.command())));
            case ApiResult.NotMine _ -> Router.notFound(call);
        }
    }

    /// Docker gives a service without a name one, as it does for containers.
    private ApiRequest named(ApiRequest request, View view) {
        if (!request.method().equals("POST") || !request.path().equals("/services/create")) {
            return request;
        }
        try {
            if (Codec.JSON.parse(request.body().getBytes(StandardCharsets.UTF_8)) instanceof ObjectNode spec
                    && spec.path("Name").asString("").isEmpty()) {
                spec.put(
                        "Name",
                        ContainerNames.fresh(
                                random, name -> view.serviceNamed(name).isPresent()));
                return new ApiRequest(
                        request.method(), request.path(), request.query(), spec.toString(), request.registryAuth());
            }
        } catch (Codec.Malformed _) {
            return request;
        }
        return request;
    }

    private static ApiRequest request(Call call, String body) {
        return new ApiRequest(
                call.exchange().method(),
                call.path(),
                call.query(),
                body,
                call.exchange().header("X-Registry-Auth").orElse(""));
    }
}
