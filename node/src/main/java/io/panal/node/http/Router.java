package io.panal.node.http;

import io.panal.core.api.Query;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the endpoint of a request: `/v1.47/containers/json` and `/containers/json` are the same.
public final class Router implements Handler {
    private final List<Route> routes = new ArrayList<>();
    private final Endpoint otherwise;

    /// @param otherwise answers what no route does
    public Router(Endpoint otherwise) {
        this.otherwise = otherwise;
    }

    /// Answers as dockerd does where there is nothing, or nothing for that method.
    public static void notFound(Call call) throws IOException {
        call.exchange().refuse(404, "page not found");
    }

    /// Adds a route; the first that matches answers.
    ///
    /// @param pattern segments of text, `{name}` for one segment, `{name...}` for one or more
    public Router on(String method, String pattern, Endpoint endpoint) {
        routes.add(Route.of(method, pattern, endpoint));
        return this;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        if (exchange.method().equals("OPTIONS")) {
            exchange.respondEmpty(200);
            return;
        }
        List<String> segments = Route.segments(exchange.path());
        Optional<ApiVersion> asked = ApiVersion.ofSegment(segments.getFirst());
        ApiVersion version = asked.orElse(ApiVersion.NEWEST);
        refuseUnspoken(version);
        List<String> path = asked.isPresent() ? segments.subList(1, segments.size()) : segments;
        String decoded = "/" + String.join("/", path.stream().map(Query::decode).toList());
        for (Route route : routes) {
            Optional<Map<String, String>> names =
                    route.method().equals(exchange.method()) ? route.match(path) : Optional.empty();
            if (names.isPresent()) {
                route.endpoint().answer(new Call(exchange, version, decoded, names.orElseThrow()));
                return;
            }
        }
        otherwise.answer(new Call(exchange, version, decoded, Map.of()));
    }

    private static void refuseUnspoken(ApiVersion version) throws Refusal {
        if (version.compareTo(ApiVersion.NEWEST) > 0) {
            throw new Refusal(
                    400,
                    "client version %s is too new. Maximum supported API version is %s"
                            .formatted(version, ApiVersion.NEWEST));
        }
        if (version.compareTo(ApiVersion.OLDEST) < 0) {
            throw new Refusal(
                    400,
                    "client version %s is too old. Minimum supported API version is %s, please upgrade your client to a newer version"
                            .formatted(version, ApiVersion.OLDEST));
        }
    }
}
