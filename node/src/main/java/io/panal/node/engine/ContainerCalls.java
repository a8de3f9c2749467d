package io.panal.node.engine;

import io.panal.core.api.Filters;
import io.panal.node.containers.Container;
import io.panal.node.containers.ContainerState;
import io.panal.node.containers.Containers;
import io.panal.node.containers.Signals;
import io.panal.node.http.Call;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/containers`: what is asked of one that is there.
final class ContainerCalls {
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Containers containers;
    private final ContainerLookup lookup;
    private final ContainerPortraits portraits;
    private final ContainerStarts starts;
    private final ContainerWatch watch;
    private final Executions executions;
    private final RestartTurns turns;
    private final ContainerVolumes volumes;
    private final ContainerNetworks networks;

    ContainerCalls(HostParts host, ContainerStarts starts, Executions executions, RestartTurns turns) {
        this.turns = turns;
        this.containers = host.containers();
        this.lookup = host.lookup();
        this.portraits = host.portraits();
        this.watch = host.watch();
        this.volumes = host.volumes();
        this.networks = host.networks();
        this.starts = starts;
        this.executions = executions;
    }

    void routes(Router router) {
        router.on("GET", "/containers/json", this::list)
                .on("POST", "/containers/prune", this::prune)
                .on("GET", "/containers/{name}/json", this::inspect)
                .on("POST", "/containers/{name}/start", this::start)
                .on("POST", "/containers/{name}/stop", this::stop)
                .on("POST", "/containers/{name}/restart", this::restart)
                .on("POST", "/containers/{name}/kill", this::kill)
                .on("POST", "/containers/{name}/pause", this::pause)
                .on("POST", "/containers/{name}/unpause", this::unpause)
                .on("POST", "/containers/{name}/rename", this::rename)
                .on("POST", "/containers/{name}/resize", this::resize)
                .on("DELETE", "/containers/{name}", this::remove);
    }

    static long limit(String text) throws Refusal {
        if (!text.isEmpty() && !text.matches("-?[0-9]{1,9}")) {
            throw new Refusal(400, "strconv.Atoi: parsing \"%s\": invalid syntax".formatted(text));
        }
        return text.isEmpty() ? 0 : Math.max(0, Long.parseLong(text));
    }

    private void list(Call call) throws IOException {
        Filters filters = networks.byNames(ContainerFilters.of(call.query()));
        boolean all = call.query().isSet("all") || ContainerFilters.wantsEnded(filters);
        long limit = limit(call.query().text("limit"));
        ArrayNode list = Replies.object().putArray("list");
        var newestFirst = containers.list().stream()
                .sorted(Comparator.comparing(Container::createdAt).reversed())
                .toList();
        for (Container container : newestFirst) {
            boolean shown = all || limit > 0 || container.state().isRunning() || portraits.isRestarting(container);
            if (shown && ContainerFilters.fits(container, filters) && (limit == 0 || list.size() < limit)) {
                ObjectNode node = portraits.listed(container);
                if (call.query().isSet("size")) {
                    portraits.measure(node, container);
                }
                list.add(node);
            }
        }
        Replies.json(call, 200, list);
    }

    private void inspect(Call call) throws IOException {
        Container container = lookup.require(call.name("name"));
        ObjectNode node = portraits.inspected(container, executions.of(container.id()));
        if (call.query().isSet("size")) {
            portraits.measure(node, container);
        }
        Replies.json(call, 200, node);
    }

    private void start(Call call) throws IOException {
        Container container = lookup.require(call.name("name"));
        turns.forget(container.id());
        Replies.empty(call, starts.start(container) ? 204 : 304);
    }

    /// What the call says, else what was said when the container was made, else docker's ten seconds.
    private static Duration grace(Call call, Container container) throws Refusal {
        String text = call.query().text("t");
        if (text.isEmpty()) {
            JsonNode own = ContainerDetails.of(container).config().path("StopTimeout");
            return own.isNumber() ? Duration.ofSeconds(own.asLong()) : GRACE;
        }
        if (!text.matches("-?[0-9]{1,9}")) {
            throw new Refusal(400, "strconv.Atoi: parsing \"%s\": invalid syntax".formatted(text));
        }
        return Duration.ofSeconds(Long.parseLong(text));
    }

    private static Optional<String> signal(Call call) {
        return call.query().first("signal").filter(text -> !text.isEmpty());
    }

    private void stop(Call call) throws IOException {
        Container container = lookup.require(call.name("name"));
        turns.forget(container.id());
        boolean ran = containers.stop(container.id(), signal(call), grace(call, container));
        Replies.empty(call, ran ? 204 : 304);
    }

    private void restart(Call call) throws IOException {
        Container container = lookup.require(call.name("name"));
        turns.forget(container.id());
        containers.stop(container.id(), signal(call), grace(call, container));
        starts.start(lookup.require(container.id()));
        watch.tell(container, "restart", Map.of(), Instant.now());
        Replies.empty(call, 204);
    }

    private void kill(Call call) throws IOException {
        Container container = lookup.require(call.name("name"));
        if (!container.state().isRunning()) {
            throw new Refusal(
                    409,
                    "cannot kill container: %s: container %s is not running"
                            .formatted(call.name("name"), container.id()));
        }
        containers.kill(container.id(), Signals.parse(signal(call).orElse("KILL")));
        Replies.empty(call, 204);
    }

    private void pause(Call call) throws IOException {
        containers.pause(lookup.require(call.name("name")).id());
        Replies.empty(call, 204);
    }

    private void unpause(Call call) throws IOException {
        containers.resume(lookup.require(call.name("name")).id());
        Replies.empty(call, 204);
    }

    private void rename(Call call) throws IOException {
        Container container = lookup.require(call.name("name"));
        String name = call.query().text("name").replaceFirst("^/", "");
        if (name.isEmpty()) {
            throw new Refusal(400, "Neither old nor new names may be empty");
        }
        ContainerCreation.refuseNoName(name);
        containers.rename(container.id(), name);
        starts.renamed(lookup.require(container.id()));
        watch.tell(
                lookup.require(container.id()),
                "rename",
                Map.of("oldName", "/" + container.plan().name()),
                Instant.now());
        Replies.empty(call, 204);
    }

    private void resize(Call call) throws IOException {
        Container container = lookup.require(call.name("name"));
        int width = size(call, "w");
        int height = size(call, "h");
        containers.resize(container.id(), width, height);
        var size = Map.of("width", String.valueOf(width), "height", String.valueOf(height));
        watch.tell(container, "resize", size, Instant.now());
        Replies.empty(call, 200);
    }

    /// A terminal's width or height.
    static int size(Call call, String key) throws Refusal {
        String text = call.query().text(key);
        if (!text.matches("[0-9]{1,5}")) {
            throw new Refusal(400, "strconv.Atoi: parsing \"%s\": invalid syntax".formatted(text));
        }
        return Integer.parseInt(text);
    }

    private void remove(Call call) throws IOException {
        Container container = lookup.require(call.name("name"));
        boolean force = call.query().isSet("force");
        if (container.state().isRunning() && !force) {
            throw new Refusal(
                    409,
                    "You cannot remove a running container %s. Stop the container before attempting removal or force remove"
                            .formatted(container.id()));
        }
        delete(container, force, call.query().isSet("v"));
        Replies.empty(call, 204);
    }

    private void delete(Container container, boolean force, boolean withVolumes) throws IOException {
        turns.forget(container.id());
        containers.remove(container.id(), force);
        starts.detach(container.id());
        if (withVolumes) {
            volumes.removeUnnamed(container, containers.list());
        }
    }

    private void prune(Call call) throws IOException {
        PruneFilters filters = PruneFilters.of(call.query(), Instant.now());
        ObjectNode node = Replies.object();
        ArrayNode deleted = node.putArray("ContainersDeleted");
        long reclaimed = 0;
        for (Container container : containers.list()) {
            boolean ofTask = container.plan().labels().containsKey(ContainerFilters.TASK_LABEL);
            boolean ended = !(container.state() instanceof ContainerState.Running);
            if (ended && !ofTask && filters.fits(container.plan().labels(), container.createdAt())) {
                long written = containers.writtenBytes(container.id());
                delete(container, false, false);
                reclaimed += written;
                deleted.add(container.id());
            }
        }
        watch.tellPruned("container", reclaimed);
        node.put("SpaceReclaimed", reclaimed);
        Replies.json(call, 200, node);
    }
}
