package io.panal.node.engine;

import io.panal.core.api.ApiRefusal;
import io.panal.images.client.RegistryClient;
import io.panal.node.http.ApiVersion;
import io.panal.node.http.Exchange;
import io.panal.node.http.Handler;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;

/// The Docker Engine API of this node: a [Handler] for any number of sockets.
public final class Engine implements Handler {
    /// What the engine is made of.
    ///
    /// @param registries asks registries on behalf of clients
    public record Parts(EngineFacts facts, Swarm swarm, TaskLogs logs, EventFeed events, RegistryClient registries) {}

    private final Router router;

    public Engine(Parts parts) {
        var cluster = new ClusterCalls(parts.swarm());
        router = new Router(cluster::otherwise);
        new SystemCalls(parts.facts(), parts.swarm()).routes(router);
        new SwarmCalls(parts.swarm()).routes(router);
        new ServiceLogCalls(parts.swarm(), parts.logs()).routes(router);
        new EventCalls(parts.events(), Clock.systemUTC()).routes(router);
        new RegistryCalls(parts.registries()).routes(router);
    }

    /// What every answer of an Engine API carries.
    public static Map<String, String> headers(String version) {
        return Map.of(
                "Api-Version",
                ApiVersion.NEWEST.toString(),
                "Docker-Experimental",
                "false",
                "Ostype",
                "linux",
                "Server",
                "Panal/%s (linux)".formatted(version));
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        try {
            router.handle(exchange);
        } catch (ApiRefusal refusal) {
            throw new Refusal(refusal.status(), refusal.message());
        }
    }
}
