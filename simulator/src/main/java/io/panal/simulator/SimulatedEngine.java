package io.panal.simulator;

import io.panal.cli.client.Response;
import io.panal.cli.client.Transport;
import io.panal.cli.client.UnreachableException;
import io.panal.core.api.ApiRequest;
import io.panal.core.api.ApiResult;
import io.panal.core.api.ClusterApi;
import io.panal.core.api.Portraits;
import io.panal.core.api.Query;
import io.panal.core.api.Standing;
import io.panal.core.codec.Codec;
import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Answers;
import io.panal.core.store.View;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The Engine API of one simulated machine, for the command line: what is asked of it runs the world until it is
/// answered.
final class SimulatedEngine implements Transport {
    private static final String API_VERSION = "1.41";
    private static final Pattern VERSION_PREFIX = Pattern.compile("^/v\\d+\\.\\d+");

    private static final String NO_LEADER =
            Answers.NO_LEADER instanceof Answer.Unavailable(String why) ? why : "no leader";

    private final Swarm swarm;
    private final Machine machine;
    private final ClusterApi api;

    SimulatedEngine(Swarm swarm, Machine machine) {
        this.swarm = swarm;
        this.machine = machine;
        this.api = new ClusterApi(swarm.world()::freshName, new SimulatedKeys(swarm.world()::freshName));
    }

    @Override
    public Response send(String method, String path, String headers, byte[] body) throws IOException {
        if (!machine.isUp()) {
            throw new UnreachableException(
                    "Cannot connect to the Docker daemon at tcp://%s:2375. Is the docker daemon running?"
                            .formatted(machine));
        }
        String plain = VERSION_PREFIX.matcher(path).replaceFirst("");
        int question = plain.indexOf('?');
        return answer(new ApiRequest(
                method,
                Query.decode(question < 0 ? plain : plain.substring(0, question)),
                Query.parse(question < 0 ? "" : plain.substring(question + 1)),
                new String(body, StandardCharsets.UTF_8),
                ""));
    }

    private Response answer(ApiRequest request) {
        if (request.path().equals("/_ping")) {
            return response(200, "OK");
        }
        if (request.path().equals("/info")) {
            return json(200, info());
        }
        if (request.path().startsWith("/distribution/")) {
            return distribution(request.path().substring("/distribution/".length()));
        }
        Optional<ManagerSeat> seat = swarm.managerOn(machine);
        if (seat.isEmpty()) {
            return response(api.handle(request, View.EMPTY, new Standing.Worker()));
        }
        if (request.path().equals("/swarm/init")) {
            return begun(request, seat.get());
        }
        if (!swarm.catchUp(seat.get())) {
            return json(500, Map.of("message", NO_LEADER));
        }
        ApiResult result = api.handle(request, seat.get().view(), swarm.standing(seat.get()));
        return result instanceof ApiResult.Submit submit
                ? response(submit.outcome(swarm.await(seat.get(), submit.command())))
                : response(result);
    }

    private Response begun(ApiRequest request, ManagerSeat seat) {
        boolean isForced = Codec.JSON
                .parse(request.body().getBytes(StandardCharsets.UTF_8))
                .path("ForceNewCluster")
                .asBoolean();
        return isForced && swarm.beginAnew(seat) instanceof Answer.Done(String id, long _, List<String> _)
                ? json(200, id)
                : json(503, Map.of("message", "This node is already part of a swarm."));
    }

    private Map<String, Object> info() {
        Optional<ManagerSeat> seat = swarm.managerOn(machine);
        Map<String, Object> own = new TreeMap<>(Map.of(
                "NodeID",
                machine.id().value(),
                "NodeAddr",
                machine.address(),
                "LocalNodeState",
                "active",
                "ControlAvailable",
                seat.isPresent()));
        seat.flatMap(manager -> manager.view().cluster())
                .ifPresent(cluster -> own.put("Cluster", Portraits.cluster(cluster)));
        return Map.of("Name", machine.name(), "Swarm", own);
    }

    /// As the registry of the image knows it.
    private Response distribution(String name) {
        String image = name.substring(0, Math.max(0, name.lastIndexOf("/json")));
        return swarm.images()
                .refusalOf(image)
                .map(why -> json(404, Map.of("message", why)))
                .orElseGet(() -> json(
                        200, Map.of("Descriptor", Map.of("digest", Images.digest(image)), "Platforms", List.of())));
    }

    private static Response response(ApiResult result) {
        return switch (result) {
            case ApiResult.Answered(int status, var body) ->
                body.map(tree -> json(status, tree)).orElseGet(() -> response(status, ""));
            case ApiResult.NotMine _ -> json(404, Map.of("message", "page not found"));
            case ApiResult.Submit submit -> throw new IllegalStateException("not answered: " + submit);
        };
    }

    private static Response json(int status, Object value) {
        return response(status, new String(Codec.JSON.write(value), StandardCharsets.UTF_8));
    }

    private static Response response(int status, String body) {
        return new Response(
                status,
                Map.of("api-version", API_VERSION),
                new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {}
}
