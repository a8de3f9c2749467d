package io.panal.core.api;

import io.panal.core.codec.Codec;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Cluster;
import io.panal.core.model.Id;
import io.panal.core.model.Meta;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Revision;
import io.panal.core.model.Service;
import io.panal.core.model.Stored;
import io.panal.core.model.Task;
import io.panal.core.model.TaskSpec;
import io.panal.core.model.TaskState;
import io.panal.core.model.TaskStatus;
import io.panal.core.store.Batch;
import io.panal.core.store.Change;
import io.panal.core.store.View;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A small swarm's state for tests: a manager, a worker, the service `web` of the client's own bytes, a network.
final class Swarm {
    static final Instant NOW = Instant.parse("2026-11-22T13:37:21.781572723Z");
    static final Id<Node> MANAGER = new Id<>("4t8t0u62f0ss68jjh81hqh1xn");
    static final Id<Node> WORKER = new Id<>("uu5fsn7v0stccbljqk1zxzj2y");
    static final Standing.Manager STANDING = new Standing.Manager(MANAGER, Optional.of(MANAGER), List.of(MANAGER));
    static final String SPEC = """
            {"Name": "web", "Labels": {"a": "b"}, "TaskTemplate": {"ContainerSpec": {"Image": "reg:5000/web:1", \
            "Init": false, "DNSConfig": {}}, "Resources": {"Limits": {}, "Reservations": {}}, "ForceUpdate": 0}, \
            "Mode": {"Replicated": {}}, "EndpointSpec": {"Mode": "vip"}}""";

    private Swarm() {}

    static View view() {
        var api = new ClusterApi(() -> "m2pvvvr5pe89fft5yqj7874at", new FakeKeys());
        var created = (ApiResult.Submit)
                api.handle(new ApiRequest("POST", "/services/create", Query.parse(""), SPEC, ""), base(), STANDING);
        var command = (Command.CreateService) created.command();
        var revision = new Id<Revision>("r1");
        return after(
                base(),
                new Revision(
                        revision, Meta.UNSTAMPED, command.id(), command.spec().taskTemplate(), List.of(), ""),
                Service.created(command.id(), command.spec(), revision, Instant.EPOCH),
                task("lru3iqjhxemd9rzo9x4ajtms7", command.id(), revision, TaskState.RUNNING),
                task("mjvqf5btmejhh8tfq99sbio8t", command.id(), new Id<>("r0"), TaskState.SHUTDOWN));
    }

    private static Task task(String id, Id<Service> service, Id<Revision> revision, TaskState state) {
        return Task.created(
                        new Id<>(id),
                        new Task.Origin(service, 1, revision, 0),
                        state == TaskState.RUNNING ? TaskState.RUNNING : TaskState.SHUTDOWN,
                        NOW)
                .assignedTo(WORKER, NOW)
                .seen(TaskStatus.of(NOW, state, "started"));
    }

    static View base() {
        return after(
                View.EMPTY,
                new Cluster(
                        new Id<>("zqegs45hm7s1qvzfvzszhbghc"),
                        Meta.UNSTAMPED,
                        Cluster.ClusterSpec.DEFAULT,
                        new Cluster.Authority(
                                "PEM",
                                "KEY",
                                new Cluster.JoinTokens("SWMTKN-1-digest-worker", "SWMTKN-1-digest-manager"),
                                new Node.TlsInfo("PEM", "subject", "key"),
                                Optional.empty()),
                        new Cluster.Addressing(List.of(), 24, 4789),
                        Optional.empty()),
                Node.admitted(MANAGER, Node.Role.MANAGER, "192.168.66.100")
                        .registered(description("docker-swarm-manager-1"), "192.168.66.100")
                        .managingAt("192.168.66.100:2377"),
                Node.admitted(WORKER, Node.Role.WORKER, "192.168.66.103")
                        .registered(description("docker-swarm-worker-1"), "192.168.66.103"),
                Network.created(
                                new Id<>("p8q0lecq33k3tzoc94ujxxwrr"),
                                Codec.JSON.read(
                                        "{\"Name\": \"ov1\", \"Driver\": \"overlay\"}".getBytes(StandardCharsets.UTF_8),
                                        Network.NetworkSpec.class))
                        .allocated(new Network.Allocation(
                                4098, List.of(Network.Subnet.of("10.0.2.0/24", "", "10.0.2.1")))));
    }

    private static Node.Description description(String hostname) {
        return new Node.Description(
                hostname,
                new TaskSpec.Platform("x86_64", "linux"),
                new TaskSpec.Resources(2_000_000_000L, 25_276_514_304L, List.of()),
                new Node.Engine("0.1.0", Map.of("zone", "a"), List.of(new Node.Plugin("Network", "overlay"))),
                new Node.TlsInfo("PEM", "subject", "key"),
                List.of());
    }

    static View after(View view, Stored<?>... objects) {
        return view.after(new Batch(
                NOW,
                Arrays.<Stored<?>>stream(objects).<Change>map(Change.Put::new).toList()));
    }
}
