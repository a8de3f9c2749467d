package io.panal.node.engine;

import io.panal.core.api.ApiRefusal;
import io.panal.images.client.RegistryClient;
import io.panal.node.containers.Containers;
import io.panal.node.containers.ContainersException;
import io.panal.node.http.ApiVersion;
import io.panal.node.http.Exchange;
import io.panal.node.http.Handler;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import io.panal.node.images.LocalImages;
import io.panal.node.networks.NetworkRefused;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;

/// The Docker Engine API of this node: a [Handler] for any number of sockets.
public final class Engine implements Handler, AutoCloseable {
    /// What the engine is made of.
    ///
    /// @param registries asks registries on behalf of clients
    public record Parts(
            EngineFacts facts,
            Swarm swarm,
            TaskLogs logs,
            NodeNetworks networks,
            EventFeed events,
            RegistryClient registries) {}

    /// The host's half.
    ///
    /// @param watch was given to `containers` as its listener, or hears what that one hears
    /// @param networks of containers that users run by themselves
    public record Host(
            Containers containers,
            LocalImages images,
            ContainerWatch watch,
            ContainerNetworks networks,
            Volumes volumes) {}

    private final Router router;
    private final Thread watcher;

    public Engine(Parts parts, Host host) {
        var cluster = new ClusterCalls(parts.swarm());
        router = new Router(cluster::otherwise);
        new SystemCalls(parts.facts(), parts.swarm()).routes(router);
        new SwarmCalls(parts.swarm()).routes(router);
        new ServiceLogCalls(parts.swarm(), parts.logs()).routes(router);
        new EventCalls(parts.events(), Clock.systemUTC()).routes(router);
        new RegistryCalls(parts.registries()).routes(router);
        var attached = new AttachedNetworks(host.networks(), parts.swarm());
        var turns = new RestartTurns();
        var shared = new HostParts(
                host.containers(),
                new ContainerLookup(host.containers()),
                new ContainerPortraits(host.containers(), attached, turns, Clock.systemUTC()),
                host.watch(),
                host.networks(),
                new ContainerVolumes(host.volumes(), parts.events()));
        var executions = new Executions(shared);
        new InfoCalls(parts.facts(), parts.swarm(), shared, host.volumes(), parts.events()).routes(router);
        var starts = new ContainerStarts(shared);
        var restarts = new Restarts(host.containers(), starts, turns);
        new ContainerCalls(shared, starts, executions, turns).routes(router);
        new UpdateCalls(shared).routes(router);
        new ContainerCreation(shared, new ImageNames(host.containers().images())).routes(router);
        new AttachCalls(shared, parts.events()).routes(router);
        new MeasureCalls(shared).routes(router);
        executions.routes(router);
        new NetworkHealthCalls(host.networks(), parts.swarm(), parts.networks()).routes(router);
        new VolumeCalls(host.volumes(), shared.volumes(), host.containers(), parts.events()).routes(router);
        new NetworkCalls(parts, cluster, host, attached).routes(router);
        new NetworkConnections(shared, starts, attached).routes(router);
        var commits = new CommitCalls(shared, parts.events());
        commits.routes(router);
        new SaveCalls(host.containers().images(), parts.events()).routes(router);
        new ImageCalls(host.images(), host.containers(), parts.events(), commits).routes(router);
        new BuildCalls(shared, host.images(), parts.events()).routes(router);
        new ArchiveCalls(shared).routes(router);
        host.watch().follow(host.containers());
        restarts.resume();
        watcher = Thread.ofVirtual()
                .name("container-watch")
                .start(() -> host.watch().run(host.containers(), host.networks(), shared.volumes(), restarts));
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

    /// Stops telling what happens to containers.
    @Override
    public void close() {
        watcher.interrupt();
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        try {
            router.handle(exchange);
        } catch (ApiRefusal refusal) {
            throw new Refusal(refusal.status(), refusal.message());
        } catch (NetworkRefused refused) {
            throw ContainerNetworks.refusal(refused);
        } catch (ContainersException failure) {
            throw ContainerLookup.refusal(failure);
        }
    }
}
