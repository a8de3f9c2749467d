package io.panal.node.containers;

import io.panal.node.containers.ContainersException.Reason;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The containers this daemon knows, by id and by name.
final class TrackedContainers {
    private final Map<String, Tracked> byId = new ConcurrentHashMap<>();
    private final Map<String, String> idsByName = new ConcurrentHashMap<>();

    void add(Tracked container) {
        byId.put(container.id(), container);
        idsByName.put(container.plan().name(), container.id());
    }

    void remove(Tracked container) {
        byId.remove(container.id());
        release(container.plan().name(), container.id());
    }

    /// Takes a name for a container that is to come.
    void claim(String name, String id) throws ContainersException {
        var holder = idsByName.putIfAbsent(name, id);
        if (holder != null) {
            throw new ContainersException(
                    Reason.CONFLICT,
                    "Conflict. The container name \"/%s\" is already in use by container \"%s\". You have to remove (or rename) that container to be able to reuse that name."
                            .formatted(name, holder));
        }
    }

    void release(String name, String id) {
        idsByName.remove(name, id);
    }

    Collection<Tracked> all() {
        return List.copyOf(byId.values());
    }

    Optional<Tracked> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    Optional<Tracked> named(String name) {
        return Optional.ofNullable(idsByName.get(name)).flatMap(this::find);
    }

    Tracked known(String id) throws ContainersException {
        return find(id).orElseThrow(() -> missing(id));
    }

    Tracked running(String id) throws ContainersException {
        var container = known(id);
        if (!container.state().isRunning()) {
            throw notRunning(id);
        }
        return container;
    }

    static ContainersException missing(String id) {
        return new ContainersException(Reason.MISSING, "No such container: " + id);
    }

    static ContainersException notRunning(String id) {
        return new ContainersException(Reason.CONFLICT, "container %s is not running".formatted(id));
    }
}
