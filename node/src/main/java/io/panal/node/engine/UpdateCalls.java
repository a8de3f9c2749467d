package io.panal.node.engine;

import io.panal.node.containers.Container;
import io.panal.node.containers.Containers;
import io.panal.node.containers.Limits;
import io.panal.node.http.Call;
import io.panal.node.http.Router;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// `docker update`: other limits and another restart policy.
final class UpdateCalls {
    private final Containers containers;
    private final ContainerLookup lookup;
    private final ContainerWatch watch;

    UpdateCalls(HostParts host) {
        this.containers = host.containers();
        this.lookup = host.lookup();
        this.watch = host.watch();
    }

    void routes(Router router) {
        router.on("POST", "/containers/{name}/update", this::update);
    }

    private void update(Call call) throws IOException {
        Container container = lookup.require(call.name("name"));
        ObjectNode body = Replies.body(call);
        if (!body.path("RestartPolicy").path("Name").asString("").isEmpty()) {
            Restarts.check(body.path("RestartPolicy"));
            ContainerDetails details = ContainerDetails.of(container);
            details.hostConfig().set("RestartPolicy", body.path("RestartPolicy"));
            containers.describe(container.id(), details.text());
        }
        Limits before = container.plan().host().limits();
        Limits wanted = ContainerCreation.limits(body);
        Limits after = new Limits(
                wanted.nanoCpus() == 0 ? before.nanoCpus() : wanted.nanoCpus(),
                wanted.memoryBytes() == 0 ? before.memoryBytes() : wanted.memoryBytes(),
                body.path("PidsLimit").isNull() || body.path("PidsLimit").isMissingNode()
                        ? before.pids()
                        : wanted.pids(),
                before.sharedMemoryBytes(),
                before.ulimits());
        if (!after.equals(before)) {
            containers.limit(container.id(), after);
        }
        watch.tell(lookup.require(container.id()), "update", Map.of(), Instant.now());
        ObjectNode node = Replies.object();
        node.putNull("Warnings");
        Replies.json(call, 200, node);
    }
}
