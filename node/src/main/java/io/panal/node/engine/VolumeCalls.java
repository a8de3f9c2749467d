package io.panal.node.engine;

import io.panal.core.api.Filters;
import io.panal.core.codec.Codec;
import io.panal.node.containers.Containers;
import io.panal.node.http.Call;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/volumes`, of the driver `local`.
final class VolumeCalls {
    private static final List<String> FILTERS = List.of("dangling", "driver", "label", "name");

    private final Volumes volumes;
    private final Containers containers;
    private final ContainerVolumes own;
    private final EventFeed events;

    VolumeCalls(Volumes volumes, ContainerVolumes own, Containers containers, EventFeed events) {
        this.volumes = volumes;
        this.own = own;
        this.containers = containers;
        this.events = events;
    }

    void routes(Router router) {
        router.on("GET", "/volumes", this::list)
                .on("POST", "/volumes/create", this::create)
                .on("POST", "/volumes/prune", this::prune)
                .on("GET", "/volumes/{name}", this::inspect)
                .on("DELETE", "/volumes/{name}", this::remove);
    }

    private void list(Call call) throws IOException {
        Filters filters = Filters.of(call.query(), FILTERS);
        ObjectNode node = Replies.object();
        ArrayNode list = node.putArray("Volumes");
        for (Volumes.Volume volume : volumes.list()) {
            boolean dangling = users(volume).isEmpty();
            if (filters.part("name", volume.name())
                    && filters.labels("label", volume.labels())
                    && filters.exact("driver", "local")
                    && (filters.all("dangling").isEmpty()
                            || filters.exact("dangling", String.valueOf(dangling))
                            || filters.exact("dangling", dangling ? "1" : "0"))) {
                list.add(shown(volume));
            }
        }
        node.putNull("Warnings");
        Replies.json(call, 200, node);
    }

    private static ObjectNode shown(Volumes.Volume volume) {
        ObjectNode node = Replies.object();
        node.set("CreatedAt", Codec.JSON.tree(volume.createdAt()));
        node.put("Driver", "local");
        node.set("Labels", Codec.JSON.tree(volume.labels()));
        node.put("Mountpoint", volume.data().toString());
        node.put("Name", volume.name());
        node.putNull("Options");
        node.put("Scope", "local");
        return node;
    }

    private void create(Call call) throws IOException {
        ObjectNode body = Replies.body(call);
        String name = body.path("Name").asString("");
        if (name.isEmpty()) {
            name = own.freshName();
        }
        String driver = body.path("Driver").asString("");
        if (!driver.isEmpty() && !driver.equals("local")) {
            throw new Refusal(
                    404,
                    "create %s: error looking up volume plugin %s: plugin \"%s\" not found"
                            .formatted(name, driver, driver));
        }
        refuseNoName(name);
        Map<String, String> labels = new TreeMap<>();
        body.path("Labels")
                .properties()
                .forEach(entry -> labels.put(entry.getKey(), entry.getValue().asString("")));
        Replies.json(call, 201, shown(own.ensure(name, labels)));
    }

    /// As dockerd says it.
    static void refuseNoName(String name) throws Refusal {
        if (!Volumes.isName(name)) {
            throw new Refusal(
                    400,
                    "create %s: \"%s\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path"
                            .formatted(name, name));
        }
    }

    private Volumes.Volume require(String name) throws IOException {
        return volumes.find(name).orElseThrow(() -> new Refusal(404, "get %s: no such volume".formatted(name)));
    }

    private void inspect(Call call) throws IOException {
        Replies.json(call, 200, shown(require(call.name("name"))));
    }

    private List<String> users(Volumes.Volume volume) {
        String data = volume.data().toString();
        return containers.list().stream()
                .filter(container -> ContainerVolumes.uses(container, data))
                .map(container -> container.id())
                .toList();
    }

    private void remove(Call call) throws IOException {
        String name = call.name("name");
        Volumes.Volume volume = require(name);
        List<String> users = users(volume);
        if (!users.isEmpty()) {
            throw new Refusal(409, "remove %s: volume is in use - [%s]".formatted(name, String.join(", ", users)));
        }
        own.remove(name);
        Replies.empty(call, 204);
    }

    /// Volumes without a name given by a user are 64 digits long; only those go, unless `all` is asked for.
    private void prune(Call call) throws IOException {
        Filters filters = Filters.of(call.query(), List.of("all", "label", "label!"));
        PruneFilters pruned = new PruneFilters(filters, Optional.empty());
        boolean all = filters.all("all").contains("true") || filters.all("all").contains("1");
        ObjectNode node = Replies.object();
        ArrayNode deleted = node.putArray("VolumesDeleted");
        long reclaimed = 0;
        for (Volumes.Volume volume : volumes.list()) {
            if (users(volume).isEmpty()
                    && (all || ContainerVolumes.isUnnamed(volume.name()))
                    && pruned.fits(volume.labels(), Instant.EPOCH)) {
                reclaimed += volume.bytes();
                own.remove(volume.name());
                deleted.add(volume.name());
            }
        }
        events.publishPruned("volume", reclaimed);
        node.put("SpaceReclaimed", reclaimed);
        Replies.json(call, 200, node);
    }
}
